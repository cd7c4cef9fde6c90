/**
 * Makes seen what stands wrong in configurations, which blocks nobody. How a configuration stands
 * is said with every reading, so that what was repaired goes away by itself; whoever looks is told
 * when that is something new. A source that many repositories are read from takes their problems
 * with it: those that were found with another content of it are read again at once.
 *
 * Nothing depends on it: a failure is logged, and the next reading says the same again.
 */
import { kindOf, type RepositoryKey, tenantOf } from '@gatehouse/model';
import type {
  Announcements,
  ConfigurationStanding,
  Log,
  StandingAnswer,
  StandingProblems,
} from '@gatehouse/ports';

/** Other repositories that are read again after one reading; the next reading goes on. */
const READ_AGAIN_MAX = 5;

/** What saying works with. */
export interface StandingsDeps {
  readonly standings: Pick<StandingProblems, 'tell'>;
  readonly announcements: Announcements;
  readonly log: Log;
  /** Reads how a configuration stands now, and says it here. False: it is gone, or not shown. */
  readAgain(repository: RepositoryKey): Promise<boolean>;
}

/** Keeps nothing but the names of what is being read again. */
export function createStandings(deps: StandingsDeps): Pick<StandingProblems, 'tell'> {
  const again = new Set<string>();

  async function readAgain(repository: RepositoryKey, readAt: number): Promise<void> {
    const name = repository.toLowerCase();
    if (again.has(name)) return;
    again.add(name);
    try {
      const isThere = await deps.readAgain(repository);
      if (!isThere) await keep(deps, { repository, sources: [], problems: [], readAt });
    } finally {
      again.delete(name);
    }
  }

  return {
    async tell(standing) {
      const { repository, readAt } = standing;
      try {
        const answer = await keep(deps, standing);
        const isFirst = !again.has(repository.toLowerCase());
        const outdated = isFirst ? answer.outdated.slice(0, READ_AGAIN_MAX) : [];
        for (const other of outdated) await readAgain(other, readAt);
        return answer;
      } catch (error) {
        deps.log.warn(
          { repository, kind: kindOf(error), err: error },
          'what is wrong with a configuration could not be told',
        );
        return { code: 'stale', outdated: [] };
      }
    },
  };
}

async function keep(
  { standings, announcements, log }: StandingsDeps,
  standing: ConfigurationStanding,
): Promise<StandingAnswer> {
  const { repository } = standing;
  const answer = await standings.tell(standing);
  if (answer.code === 'full') {
    log.warn({ repository }, 'more repositories have broken configurations than are shown');
  }
  if (answer.code === 'changed') {
    await announcements.announce('changes', { tenant: tenantOf(repository) });
  }
  return answer;
}
