/**
 * Which branches of a repository are protected, and where they stand. Only those supply
 * configuration beside the default branch and the branch that a change goes to: anybody who may
 * push a branch could otherwise define a variant that says it holds for `main`.
 *
 * The list is asked for, conditionally, whenever it is known to answer for a branch that is needed
 * as it stands now, so that one request answers for all of them. Otherwise it is kept for some
 * minutes: a push to one of its branches makes it forgotten, and a branch that becomes protected
 * counts for others a little later.
 */
import type { CommitSha, RepositoryKey } from '@gatehouse/model';
import type { Clock, ConfigurationSurvey, Log } from '@gatehouse/ports';

/** How long a list counts that no needed branch is in, in milliseconds. */
const LIST_KEPT_MS = 5 * 60_000;
/** Repositories whose list is kept; the one asked for longest ago goes first. */
const LISTS_MAX = 1_000;

/** Protected branches by name, with their tips. */
export type Tips = ReadonlyMap<string, CommitSha>;

/** The lists. */
export interface ProtectedBranchLists {
  /** @param needed branches whose tips have to be as they are now; where protected, they are */
  tips(repository: RepositoryKey, needed: readonly string[]): Promise<Tips>;
  /** Told when a branch moved or went. */
  forget(repository: RepositoryKey, branch: string): void;
}

interface KeptList {
  readonly tips: Tips;
  readonly isComplete: boolean;
  readonly readAt: number;
}

/** Makes the memory; it holds nothing that cannot be asked for again. */
export function createProtectedBranchLists(deps: {
  readonly configuration: ConfigurationSurvey;
  readonly clock: Clock;
  readonly log: Log;
}): ProtectedBranchLists {
  const lists = new Map<string, KeptList>();

  async function read(repository: RepositoryKey): Promise<Tips> {
    const readAt = deps.clock.now();
    const found = await deps.configuration.readProtectedBranches(repository);
    const tips: Tips = new Map(found?.branches.map(({ name, sha }) => [name, sha]));
    const isComplete = found?.isComplete ?? true;
    const key = repository.toLowerCase();
    if (!isComplete && lists.get(key)?.isComplete !== false) {
      const text = 'a repository has more protected branches than are read for configuration';
      deps.log.warn({ repository, read: tips.size }, text);
    }
    lists.delete(key);
    lists.set(key, { tips, isComplete, readAt });
    if (lists.size > LISTS_MAX) lists.delete(lists.keys().next().value ?? '');
    return tips;
  }

  return {
    async tips(repository, needed) {
      const known = lists.get(repository.toLowerCase());
      const isKept = known !== undefined && deps.clock.now() - known.readAt < LIST_KEPT_MS;
      if (isKept && !needed.some((branch) => known.tips.has(branch))) return known.tips;
      return read(repository);
    },
    forget(repository, branch) {
      const key = repository.toLowerCase();
      if (lists.get(key)?.tips.has(branch) === true) lists.delete(key);
    },
  };
}
