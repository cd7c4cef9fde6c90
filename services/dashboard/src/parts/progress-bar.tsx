/** Jobs by where they stand, as one bar and in words. */
import type { BuildView } from '@gatehouse/contracts';
import { progressOf } from '../view/progress.ts';

/** Keeps its height when there are no jobs yet. */
export function ProgressBar({ builds }: { readonly builds: readonly BuildView[] }) {
  const { parts, text } = progressOf(builds);
  return (
    <div class="progress">
      <div class="bar" aria-hidden="true">
        {parts.map(({ tone, count }) => (
          <span key={tone} class={tone} style={{ flexGrow: count }} />
        ))}
      </div>
      <span class="progress-text">{text}</span>
    </div>
  );
}
