/** A problem of a configuration. Every text in it may be a stranger's and stays text. */
import type { ProblemView } from '@gatehouse/contracts';
import type { ComponentChildren } from 'preact';
import { partsOf } from '../view/quoted.ts';

/** How bad, where, what, and what to write instead. @param props `children` is the place */
export function Problem(props: {
  readonly problem: ProblemView;
  readonly children: ComponentChildren;
}) {
  const { level, message, remedy } = props.problem;
  return (
    <li>
      <p class="problem-place">
        <strong class={level === 'error' ? 'bad' : 'wait'}>{level}</strong> {props.children}
      </p>
      <p>
        <Sentence text={message} />
      </p>
      {remedy !== null && (
        <p class="quiet">
          <Sentence text={remedy} />
        </p>
      )}
    </li>
  );
}

function Sentence({ text }: { readonly text: string }) {
  return (
    <>
      {partsOf(text).map(({ text: part, isQuoted }, at) =>
        isQuoted ? <code key={at}>{part}</code> : part,
      )}
    </>
  );
}
