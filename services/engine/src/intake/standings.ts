/**
 * Makes seen what stands wrong in configurations, which blocks nobody: says with every reading how
 * the configuration stands, so that what was repaired goes away by itself, and whoever looks is
 * told when that is something new. Nothing depends on it: a failure is logged, and the next reading
 * says the same again.
 */
import { createHash } from 'node:crypto';
import type { LayoutSource } from '@gatehouse/layout';
import {
  type ConfigurationProblem,
  isSameRepository,
  kindOf,
  type RepositoryKey,
  repositoryKey,
  tenantOf,
} from '@gatehouse/model';
import type { Announcements, Log, StandingProblems, StandingSource } from '@gatehouse/ports';

/** Errors of one configuration that are logged; all of them are on the dashboard. */
const ERRORS_LOGGED_MAX = 20;
/** Other repositories that are looked at again after one reading; the next reading goes on. */
const LOOKED_AT_AGAIN_MAX = 10;

/** Files of a repository on one branch, and what changes exactly when they do. */
export interface SourceRead {
  readonly source: LayoutSource;
  readonly contentHash: string;
}

/** A configuration as it was read where it stands, with nothing in it that is only proposed. */
export interface Reading {
  readonly repository: RepositoryKey;
  readonly sources: readonly SourceRead[];
  readonly problems: readonly ConfigurationProblem[];
  /** When reading began, in milliseconds since 1970. */
  readonly readAt: number;
}

/** Says how configurations stand. */
export interface Standings {
  /**
   * @returns other repositories whose problems were found with another content of the same
   *   sources, to be read again; not all at once
   */
  tell(reading: Reading): Promise<readonly RepositoryKey[]>;
}

/** What saying works with. */
export interface StandingsDeps {
  readonly standings: StandingProblems;
  readonly announcements: Announcements;
  readonly log: Log;
}

/** Keeps nothing. */
export function createStandings(deps: StandingsDeps): Standings {
  return {
    async tell(reading) {
      const { repository, problems, readAt } = reading;
      try {
        const sources = standingSources(reading);
        const answer = await deps.standings.tell({ repository, sources, problems, readAt });
        if (answer.code === 'changed' || answer.code === 'full') logErrors(deps.log, reading);
        if (answer.code === 'changed') {
          await deps.announcements.announce('changes', { tenant: tenantOf(repository) });
        }
        return answer.outdated.slice(0, LOOKED_AT_AGAIN_MAX);
      } catch (error) {
        deps.log.warn(
          { repository, kind: kindOf(error), err: error },
          'what is wrong with a configuration could not be told',
        );
        return [];
      }
    },
  };
}

function logErrors(log: Log, { problems }: Reading): void {
  const errors = problems.filter((problem) => problem.level === 'error');
  for (const { repository, branch, path, range, message } of errors.slice(0, ERRORS_LOGGED_MAX)) {
    const line = range?.startLine ?? null;
    log.info({ repository, branch, path, line, problem: message }, 'configuration has an error');
  }
}

/** One for each repository. Others than its own and the owner's count only when they hold files. */
function standingSources({ repository, sources }: Reading): readonly StandingSource[] {
  const groups = new Map<string, SourceRead[]>();
  for (const read of sources) {
    const name = read.source.repository.toLowerCase();
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [read]);
    else group.push(read);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const name = repositoryKey(first.source.repository);
    const isNamed = isSameRepository(name, repository) || first.source.role === 'owner';
    const isEmpty = group.every(({ source }) => source.files.length === 0);
    return isEmpty && !isNamed ? [] : [{ repository: name, contentHash: hashOf(group) }];
  });
}

function hashOf(reads: readonly SourceRead[]): string {
  const contents = reads.map(({ source, contentHash }) => [source.branch, contentHash]);
  return createHash('sha256').update(JSON.stringify(contents)).digest('hex');
}
