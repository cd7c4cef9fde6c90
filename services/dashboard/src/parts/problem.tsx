/** A problem of a configuration. Every text in it may be a stranger's and stays text. */
import type { ProblemView } from '@gatehouse/contracts';
import type { ComponentChildren } from 'preact';

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
      <p>{message}</p>
      {remedy !== null && <p class="quiet">{remedy}</p>}
    </li>
  );
}
