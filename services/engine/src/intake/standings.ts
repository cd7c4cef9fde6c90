/**
 * Makes seen what stands wrong in configurations, which blocks nobody: says with every reading how
 * a configuration stands, so that what was repaired goes away by itself, and whoever looks is told
 * when that is something new. A source that many repositories are read from takes their problems
 * with it: those that were found with another content of it are read again at once.
 *
 * Nothing depends on it: a failure is logged, and the next reading says the same again.
 */
import { kindOf, type RepositoryKey, tenantId, tenantOf } from '@gatehouse/model';
import type {
  Announcements,
  Clock,
  ConfigurationStanding,
  Log,
  StandingProblems,
} from '@gatehouse/ports';

/** Errors of one configuration that are logged; all of them are on the dashboard. */
const ERRORS_LOGGED_MAX = 20;
/** Other repositories that are read again after one reading; the next reading goes on. */
const READ_AGAIN_MAX = 5;

/** Says how configurations stand. */
export interface Standings {
  /** @param standing with nothing in it that is only proposed */
  tell(standing: ConfigurationStanding): Promise<void>;
  /** Reads how a repository's configuration stands now, and tells it. */
  readNow(repository: RepositoryKey): Promise<void>;
  /** Reads again what is known of an owner's repositories: some may be gone, or not shown. */
  review(owner: string): Promise<void>;
}

/** What saying works with. */
export interface StandingsDeps {
  readonly standings: StandingProblems;
  readonly announcements: Announcements;
  readonly clock: Clock;
  readonly log: Log;
  /** How a repository's configuration stands now; null: it is gone, or not shown. */
  readAgain(repository: RepositoryKey): Promise<ConfigurationStanding | null>;
}

/** Keeps nothing. */
export function createStandings(deps: StandingsDeps): Standings {
  async function readAgain(repository: RepositoryKey): Promise<readonly RepositoryKey[]> {
    const gone = { repository, sources: [], problems: [], readAt: deps.clock.now() };
    return keep(deps, (await deps.readAgain(repository)) ?? gone);
  }

  async function readOutdated(outdated: readonly RepositoryKey[]): Promise<void> {
    for (const other of outdated.slice(0, READ_AGAIN_MAX)) await readAgain(other);
  }

  async function orLog(of: string, telling: () => Promise<void>): Promise<void> {
    try {
      await telling();
    } catch (error) {
      deps.log.warn(
        { repository: of, kind: kindOf(error), err: error },
        'what is wrong with a configuration could not be told',
      );
    }
  }

  return {
    tell: (standing) =>
      orLog(standing.repository, async () => readOutdated(await keep(deps, standing))),
    readNow: (repository) =>
      orLog(repository, async () => readOutdated(await readAgain(repository))),
    review: (owner) =>
      orLog(owner, async () => {
        const kept = await deps.standings.list(tenantId(owner));
        for (const { repository } of kept) await readAgain(repository);
      }),
  };
}

/** @returns other repositories that are outdated by it */
async function keep(
  { standings, announcements, log }: StandingsDeps,
  standing: ConfigurationStanding,
): Promise<readonly RepositoryKey[]> {
  const { code, outdated } = await standings.tell(standing);
  if (code === 'changed' || code === 'full') logErrors(log, standing);
  if (code === 'changed') {
    await announcements.announce('changes', { tenant: tenantOf(standing.repository) });
  }
  return outdated;
}

function logErrors(log: Log, { problems }: ConfigurationStanding): void {
  const errors = problems.filter((problem) => problem.level === 'error');
  for (const { repository, branch, path, range, message } of errors.slice(0, ERRORS_LOGGED_MAX)) {
    const line = range?.startLine ?? null;
    log.info({ repository, branch, path, line, problem: message }, 'configuration has an error');
  }
}
