/** What is worth knowing of a job besides where it stands. */
import type { BuildView } from '@gatehouse/contracts';

/** Short remarks, in the order of what matters. */
export function notesOf(build: BuildView): readonly string[] {
  const { phase, dependencies, attempt, attempts_max, voting, detail } = build;
  const notes = [
    detail,
    phase === 'waiting' && dependencies.length > 0 && `waits for ${dependencies.join(', ')}`,
    attempt > 1 && `try ${attempt} of ${attempts_max}`,
    !voting && 'does not vote',
  ];
  return notes.filter((note) => typeof note === 'string');
}
