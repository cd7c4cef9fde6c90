/** Why a run is as it is: sentences of the service, shown as they are. */
import type { BuildsetBody, ProblemView } from '@gatehouse/contracts';
import { Problem } from '../parts/problem.tsx';
import { placeOf } from '../view/configuration.ts';
import { statusOfRun } from '../view/status.ts';

/** Why it ended as it did. */
export function Reasons({ run }: { readonly run: BuildsetBody }) {
  if (run.reasons.length === 0) return null;
  return (
    <ul class={`reasons ${statusOfRun(run).tone}`}>
      {run.reasons.map((reason) => (
        <li key={reason}>{reason}</li>
      ))}
    </ul>
  );
}

/** What is wrong with the configuration, at its place, with the remedy. */
export function Problems({ problems }: { readonly problems: readonly ProblemView[] }) {
  if (problems.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="problems">
      <h2 id="problems">Configuration</h2>
      <ul class="problems">
        {problems.map((problem) => (
          <Problem key={`${problem.path} ${problem.line} ${problem.message}`} problem={problem}>
            <bdi>
              <code>{placeOf(problem)}</code>
            </bdi>
          </Problem>
        ))}
      </ul>
    </section>
  );
}

/** Why these jobs and no others. */
export function Selection({ sentences }: { readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <details class="panel">
      <summary>Why these jobs</summary>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </details>
  );
}
