/**
 * Where the branches of a repository stand, and which are protected. Only protected ones supply
 * configuration beside the default branch and the branch that a change goes to: anybody who may
 * push a branch could otherwise define a variant that says it holds for `main`.
 *
 * A list is asked for, conditionally, where one request answers for every branch that is needed as
 * it stands now. Otherwise the protected ones are kept for some minutes: a push to one of them makes
 * them forgotten, and a branch that becomes protected counts for others a little later.
 */
import type { CommitSha, RepositoryKey } from '@gatehouse/model';
import type { BranchList, Clock, ConfigurationSurvey, Log } from '@gatehouse/ports';
import { createReads } from './reads.ts';

/** How long a list counts that no needed branch is in, in milliseconds. */
const LIST_KEPT_MS = 5 * 60_000;
/** Repositories whose list is kept; the one asked for longest ago goes first. */
const LISTS_MAX = 1_000;

/** Branches by name, with the commits they point to. */
export type Tips = ReadonlyMap<string, CommitSha>;

/** What is known of a repository's branches. */
export interface BranchTips {
  /** As they are now; a needed branch that is not there has to be read by its name. */
  readonly now: Tips;
  /** The protected ones, as they were when they were last asked for or pushed to. */
  readonly protected: Tips;
}

/** The lists. */
export interface BranchLists {
  /** @param needed branches that have to be as they are now */
  tips(repository: RepositoryKey, needed: readonly string[]): Promise<BranchTips>;
  /** Told when a branch moved or went. */
  forget(repository: RepositoryKey, branch: string): void;
}

interface KeptList {
  readonly protected: Tips;
  /** False: there are more protected branches than one request gives. */
  readonly isComplete: boolean;
  /** True: there are more branches, protected or not, than one request gives. */
  readonly isLarge: boolean;
  readonly readAt: number;
}

/** Makes the memory; it holds nothing that cannot be asked for again. */
export function createBranchLists(deps: {
  readonly configuration: ConfigurationSurvey;
  readonly clock: Clock;
  readonly log: Log;
}): BranchLists {
  const lists = new Map<string, KeptList>();
  const reads = createReads();
  const none: Tips = new Map();

  function keep(repository: RepositoryKey, list: KeptList): void {
    const key = repository.toLowerCase();
    if (!list.isComplete && lists.get(key)?.isComplete !== false) {
      const text = 'a repository has more protected branches than are read for configuration';
      deps.log.warn({ repository, read: list.protected.size }, text);
    }
    lists.delete(key);
    lists.set(key, list);
    if (lists.size > LISTS_MAX) lists.delete(lists.keys().next().value ?? '');
  }

  /** Null: there are too many for one request. */
  async function readAll(repository: RepositoryKey): Promise<BranchTips | null> {
    const readAt = deps.clock.now();
    const ofProtected = (list: BranchList | null) => tipsOf(list, ({ isProtected }) => isProtected);
    const list = await reads.run({
      key: repository.toLowerCase(),
      read: () => deps.configuration.listBranches(repository, 'all'),
      keep: (found) => {
        if (found?.isComplete === false) return;
        const tips = ofProtected(found);
        keep(repository, { protected: tips, isComplete: true, isLarge: false, readAt });
      },
    });
    if (list?.isComplete === false) return null;
    return { now: tipsOf(list, () => true), protected: ofProtected(list) };
  }

  async function readProtected(repository: RepositoryKey, isLarge: boolean): Promise<BranchTips> {
    const readAt = deps.clock.now();
    const all = (list: BranchList | null) => tipsOf(list, () => true);
    const list = await reads.run({
      key: repository.toLowerCase(),
      read: () => deps.configuration.listBranches(repository, 'protected'),
      keep: (found) => {
        const isComplete = found?.isComplete ?? true;
        keep(repository, { protected: all(found), isComplete, isLarge, readAt });
      },
    });
    return { now: all(list), protected: all(list) };
  }

  return {
    async tips(repository, needed) {
      const kept = lists.get(repository.toLowerCase());
      const isInTime = kept !== undefined && deps.clock.now() - kept.readAt < LIST_KEPT_MS;
      const known = isInTime ? kept : null;
      const areProtected = needed.every((branch) => known?.protected.has(branch));
      if (needed.length > 1 && !areProtected && known?.isLarge !== true) {
        const all = await readAll(repository);
        return all ?? readProtected(repository, true);
      }
      if (known !== null && !needed.some((branch) => known.protected.has(branch))) {
        return { now: none, protected: known.protected };
      }
      return readProtected(repository, known?.isLarge ?? false);
    },
    forget(repository, branch) {
      const key = repository.toLowerCase();
      reads.forget(key);
      if (lists.get(key)?.protected.has(branch) === true) lists.delete(key);
    },
  };
}

function tipsOf(
  list: BranchList | null,
  isWanted: (branch: BranchList['branches'][number]) => boolean,
): Tips {
  return new Map(list?.branches.filter(isWanted).map(({ name, sha }) => [name, sha]));
}
