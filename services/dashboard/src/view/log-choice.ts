/** Which job's log the page of a run shows before anybody has chosen one. */
import type { BuildView } from '@gatehouse/contracts';
import { isFailing } from './status.ts';

/** What failed first, else what runs, else the first that has a log; null: none has one. */
export function firstLog(builds: readonly BuildView[]): BuildView | null {
  const logged = builds.filter(({ has_log }) => has_log);
  return (
    logged.find(isFailing) ?? logged.find(({ phase }) => phase === 'running') ?? logged[0] ?? null
  );
}
