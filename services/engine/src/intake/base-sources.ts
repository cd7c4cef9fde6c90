/**
 * The sources of a base's layout: the owner's configuration, the repository's default branch, its
 * protected branches, and the branch that the change is about. Pipelines come from the default
 * branch alone; which definitions hold for which branch is the layout's business.
 *
 * While nothing changed this costs one conditional request for each repository: a list of branches
 * where it answers for all that are needed, else the one branch itself.
 */
import {
  type CommitSha,
  isTemporaryBranch,
  ownerOf,
  type RepositoryKey,
  repositoryKey,
} from '@gatehouse/model';
import type {
  Clock,
  ConfigurationFiles,
  ConfigurationReader,
  ConfigurationSurvey,
  Log,
} from '@gatehouse/ports';
import { type BranchLists, createBranchLists } from './branch-lists.ts';
import { createReads } from './reads.ts';
import {
  hasFiles,
  isOwnerRepository,
  type LayoutQuestion,
  OWNER_REPOSITORY,
  type ReadSource,
  readSource,
} from './sources.ts';

/** How long a missing owner configuration is not asked for again, in milliseconds. */
const MISSING_OWNER_KEPT_MS = 60_000;
/** Owners of whom it is known; the one that was asked for longest ago goes first. */
const MISSING_OWNERS_MAX = 1_000;
/** The default branch, whatever it is called. */
const DEFAULT_BRANCH = 'HEAD';

/** What a base's layout is read from. */
export interface BaseSources {
  /** In the order in which they count; the default branch before the repository's others. */
  readonly sources: readonly ReadSource[];
  /** The one that the change is about. */
  readonly own: ReadSource;
  /** The branches that stand for the repository as it is now; null: something older was read. */
  readonly standing: readonly ReadSource[] | null;
}

/** Reads sources. */
export interface BaseSourceReader {
  /** Null: the repository or the ref is gone. */
  read(question: LayoutQuestion): Promise<BaseSources | null>;
  /** Asks for this owner's configuration again although it was missing a moment ago. */
  forgetOwner(login: string): void;
  /** Told when a branch moved or went. */
  forgetBranch(repository: RepositoryKey, branch: string): void;
}

/** What sources are read with. */
export interface BaseSourcesDeps {
  readonly configuration: ConfigurationReader & ConfigurationSurvey;
  readonly clock: Clock;
  readonly log: Log;
}

/** Makes the reader; what it remembers can be read again. */
export function createBaseSources(deps: BaseSourcesDeps): BaseSourceReader {
  const owners = createOwners(deps);
  const lists = createBranchLists(deps);
  const readers = { configuration: deps.configuration, lists };
  return {
    async read(question) {
      const { repository } = question;
      const [read, owner] = await Promise.all([
        readOwn(readers, placed(question)),
        isOwnerRepository(repository) ? null : owners.read(repository),
      ]);
      if (read === null) return null;
      // A tag is on no branch, so that nothing would keep out what other branches say.
      const isTag = question.branch === null;
      const { own } = read;
      const base = isTag ? { own, sources: [own], standing: null } : read;
      if (owner === null) return base;
      const above = readSource(owner, { branch: null, role: 'owner' });
      const sources = [above, ...base.sources];
      return { own, sources, standing: base.standing && [above, ...base.standing] };
    },
    forgetOwner: owners.forget,
    forgetBranch: lists.forget,
  };
}

/**
 * A tag has no configuration of its own: the default branch decides, as does it alone for the
 * owner's repository, which holds for all of the owner's branches.
 */
function placed(question: LayoutQuestion): LayoutQuestion {
  const { repository, branch, defaultBranch } = question;
  if (defaultBranch === null || branch === defaultBranch) return question;
  const isElsewhere = branch === null || isOwnerRepository(repository);
  return isElsewhere ? { ...question, ref: defaultBranch, branch: defaultBranch } : question;
}

interface Readers {
  readonly configuration: ConfigurationReader;
  readonly lists: BranchLists;
}

async function readOwn(readers: Readers, question: LayoutQuestion): Promise<BaseSources | null> {
  const { branch, defaultBranch } = question;
  const isRead = branch !== null && defaultBranch !== null;
  return isRead && !isOwnerRepository(question.repository)
    ? readBranches(readers, { ...question, branch, defaultBranch })
    : readAlone(readers, question);
}

/** One source is all of the repository: the owner's, or one of which nothing else is known. */
async function readAlone(
  { configuration }: Readers,
  { repository, ref, branch, defaultBranch, isNow }: LayoutQuestion,
): Promise<BaseSources | null> {
  const found = await configuration.readConfiguration(repository, ref);
  if (found === null) return null;
  const isOwner = isOwnerRepository(repository);
  const own = isOwner
    ? readSource(found, { branch: null, role: 'owner' })
    : readSource(found, { branch, role: 'repository' });
  return { sources: [own], own, standing: isNow && defaultBranch !== null ? [own] : null };
}

interface BranchQuestion extends LayoutQuestion {
  readonly branch: string;
  readonly defaultBranch: string;
}

async function readBranches(
  { configuration, lists }: Readers,
  question: BranchQuestion,
): Promise<BaseSources | null> {
  const { repository, ref, branch, defaultBranch, isNow } = question;
  const isTip = ref === branch;
  const both = [...new Set([branch, defaultBranch])];
  const needed = both.filter((name) => isTip || name !== branch);
  const tips = await lists.tips(repository, needed);
  const names = [...new Set([defaultBranch, ...tips.protected.keys(), branch])].filter(
    (name) => name === branch || !isTemporaryBranch(name),
  );
  const shaOf = (name: string) =>
    tips.now.get(name) ?? (needed.includes(name) ? null : (tips.protected.get(name) ?? null));
  const read = await Promise.all(
    names.map(async (name) => {
      const found =
        name === branch && !isTip
          ? await configuration.readConfiguration(repository, ref)
          : await readTip(configuration, { repository, name, sha: shaOf(name) });
      return found === null ? null : sourceOn(found, name, defaultBranch);
    }),
  );
  const own = read[names.indexOf(branch)] ?? null;
  if (own === null) return null;
  const always = [branch, defaultBranch];
  const sources = read.filter(
    (one): one is ReadSource =>
      one !== null && (hasFiles(one) || always.includes(one.source.branch ?? '')),
  );
  const isStanding = branch === defaultBranch || tips.protected.has(branch);
  if (isStanding && !isNow) return { sources, own, standing: null };
  return { sources, own, standing: isStanding ? sources : sources.filter((one) => one !== own) };
}

function sourceOn(found: ConfigurationFiles, branch: string, defaultBranch: string): ReadSource {
  const isDefaultBranch = branch === defaultBranch;
  const files = isTemporaryBranch(branch) ? { ...found, ...nothing } : found;
  return readSource(files, { branch, role: 'repository', isDefaultBranch });
}

const nothing = { files: [], unreadable: [], contentHash: '' };

/** A branch as it is now. The host may show the list before the commit that stands in it. */
async function readTip(
  configuration: ConfigurationReader,
  { repository, name, sha }: { repository: RepositoryKey; name: string; sha: CommitSha | null },
): Promise<ConfigurationFiles | null> {
  const atCommit = sha === null ? null : await configuration.readConfiguration(repository, sha);
  return atCommit ?? configuration.readConfiguration(repository, name);
}

/** The owner's configuration repository, which holds for all of the owner's repositories. */
function createOwners({ configuration, clock }: BaseSourcesDeps) {
  const missing = new Map<string, number>();
  const reads = createReads();
  return {
    async read(repository: RepositoryKey): Promise<ConfigurationFiles | null> {
      const login = ownerOf(repository);
      const key = login.toLowerCase();
      const missingSince = missing.get(key);
      const now = clock.now();
      if (missingSince !== undefined && now - missingSince < MISSING_OWNER_KEPT_MS) return null;
      const owner = repositoryKey(`${login}/${OWNER_REPOSITORY}`);
      return reads.run({
        key,
        read: () => configuration.readConfiguration(owner, DEFAULT_BRANCH),
        keep: (files) => {
          missing.delete(key);
          if (files === null) missing.set(key, now);
          if (missing.size > MISSING_OWNERS_MAX) missing.delete(missing.keys().next().value ?? '');
        },
      });
    },
    forget(login: string): void {
      reads.forget(login.toLowerCase());
      missing.delete(login.toLowerCase());
    },
  };
}
