/** What a layout is read from, with what tells whether it changed. */
import { createHash } from 'node:crypto';
import type { LayoutSource } from '@gatehouse/layout';
import {
  branchOf,
  type Change,
  type ConfigurationProblem,
  configurationRefOf,
  isSameRepository,
  nameOf,
  type RepositoryKey,
} from '@gatehouse/model';
import type {
  ConfigurationFile,
  ConfigurationFiles,
  RepositoryFacts,
  UnreadableFile,
} from '@gatehouse/ports';

/** Name of the repository that configures all of its owner's. */
export const OWNER_REPOSITORY = '.gatehouse';

/** Whose configuration is asked for, and where. */
export interface LayoutQuestion {
  readonly repository: RepositoryKey;
  /** Branch or commit at which the files of the base are read. */
  readonly ref: string;
  /** The branch that they count as standing on; null: a tag, which has none of its own. */
  readonly branch: string | null;
  /** Null: not known; the base then counts as the only branch. */
  readonly defaultBranch: string | null;
  /** A repository that everybody sees is not offered what only some see. */
  readonly isPublic: boolean;
  /** True: `ref` is the branch as it is now, or the commit of a push; false: it may have moved on. */
  readonly isNow: boolean;
}

/** One source. */
export interface ReadSource {
  readonly source: LayoutSource & { readonly repository: RepositoryKey };
  readonly contentHash: string;
  readonly unreadable: readonly UnreadableFile[];
}

/** The question that a change asks. @param at where its base is read, if not as it is now */
export function questionOf(
  change: Change,
  at: { readonly ref?: string; readonly isNow: boolean } = { isNow: true },
): LayoutQuestion {
  return {
    repository: change.repository,
    ref: at.ref ?? configurationRefOf(change),
    branch: branchOf(change),
    defaultBranch: change.defaultBranch ?? null,
    isPublic: change.isRepositoryPublic,
    isNow: at.isNow,
  };
}

/** The question how a repository stands now. */
export function questionOfDefault(facts: RepositoryFacts): LayoutQuestion {
  const { repository, isPublic, defaultBranch } = facts;
  return {
    repository,
    ref: defaultBranch,
    branch: defaultBranch,
    defaultBranch,
    isPublic,
    isNow: true,
  };
}

/** True for the repository that holds for all of its owner's. GitHub's names have no case. */
export function isOwnerRepository(repository: RepositoryKey): boolean {
  return nameOf(repository).toLowerCase() === OWNER_REPOSITORY;
}

/** A source of files. @param place what of the source the files do not say */
export function readSource(
  { repository, files, unreadable = [], contentHash }: Omit<ConfigurationFiles, 'ref'>,
  place: Pick<LayoutSource, 'branch' | 'role' | 'isDefaultBranch' | 'isProposed'>,
): ReadSource {
  const source = { repository, ...place, files: files.map((file) => fileOn(place.branch, file)) };
  return { source, contentHash, unreadable };
}

/** The same with the files that a change proposes for it. */
export function proposedSource(own: ReadSource, files: ConfigurationFiles): ReadSource {
  const { repository, branch, role } = own.source;
  return readSource({ ...files, repository }, { branch, role, isProposed: true });
}

/** True when a source has anything at all to say. */
export function hasFiles({ source, unreadable }: ReadSource): boolean {
  return source.files.length > 0 || unreadable.length > 0;
}

/** One word that changes exactly when any of the sources does. */
export function keyOf(sources: readonly ReadSource[]): string {
  const hash = createHash('sha256');
  for (const { source, contentHash } of sources) {
    const { repository, branch, role, isDefaultBranch, isProposed } = source;
    const parts = [repository, branch, role, isDefaultBranch ?? null, isProposed ?? false];
    hash.update(JSON.stringify([...parts, contentHash]));
  }
  return hash.digest('hex');
}

/**
 * What could not be read, told as the layout's own problems are. Of a change's files those that it
 * proposes count, beside what stands on its base.
 */
export function unreadableProblems(
  sources: readonly ReadSource[],
): readonly ConfigurationProblem[] {
  return sources.flatMap(({ source: { repository, branch }, unreadable }) =>
    unreadable.map(({ path, complaint }) => ({
      level: 'error' as const,
      code: 'unreadable-file',
      message: `${path} ${complaint}`,
      remedy: 'Split, shorten or remove it.',
      repository,
      branch,
      path,
      range: null,
    })),
  );
}

/** Sources whose content counts: a proposal takes the place of what it proposes to change. */
export function withoutReplaced(sources: readonly ReadSource[]): readonly ReadSource[] {
  const proposals = sources.filter(({ source }) => source.isProposed === true);
  const isReplaced = ({ source }: ReadSource) =>
    proposals.some(
      (other) =>
        other.source !== source &&
        other.source.branch === source.branch &&
        isSameRepository(other.source.repository, source.repository),
    );
  return sources.filter((one) => one.source.isProposed === true || !isReplaced(one));
}

// The layout remembers what it read of a file by the file's object. One object for each branch, so
// that a file that is the same on two branches is not read again and again for either.
const onBranches = new WeakMap<ConfigurationFile, Map<string | null, ConfigurationFile>>();

function fileOn(branch: string | null, file: ConfigurationFile): ConfigurationFile {
  const copies = onBranches.get(file) ?? new Map<string | null, ConfigurationFile>();
  onBranches.set(file, copies);
  const copy = copies.get(branch) ?? { ...file };
  copies.set(branch, copy);
  return copy;
}
