/**
 * Layouts by repository and ref. Files are asked for every time (one conditional request when
 * nothing changed); parsing is remembered by content. The owner's configuration repository mostly
 * does not exist, and that is remembered for a minute.
 */
import { type Layout, type LayoutSource, loadLayout } from '@gatehouse/layout';
import {
  type ConfigurationProblem,
  nameOf,
  ownerOf,
  type RepositoryKey,
  repositoryKey,
} from '@gatehouse/model';
import type { Clock, ConfigurationFiles, ConfigurationReader, Log } from '@gatehouse/ports';

/** Parsed layouts kept in memory. */
const LAYOUTS_MAX = 500;
/** How long a missing owner configuration is not asked for again, in milliseconds. */
const MISSING_OWNER_KEPT_MS = 60_000;
/** Errors of one configuration that are logged; the rest is shown where the configuration is. */
const ERRORS_LOGGED_MAX = 20;
/** Name of the repository that configures all of its owner's. */
const OWNER_REPOSITORY = '.gatehouse';
/** The default branch, whatever it is called. */
const DEFAULT_BRANCH = 'HEAD';

/** A layout with what is wrong in its sources. */
export interface LoadedLayout {
  readonly layout: Layout;
  readonly problems: readonly ConfigurationProblem[];
  /** Changes exactly when the repository's own files do. */
  readonly ownHash: string;
  readonly hasOwnFiles: boolean;
  /** What it was read from, the repository's own files last. */
  readonly sources: readonly LayoutSource[];
  /** Changes exactly when any of the sources does. */
  readonly key: string;
}

/** Gives layouts. */
export interface Layouts {
  /** Null: the repository or the ref is gone. @param branch what the files count as standing on */
  at(repository: RepositoryKey, ref: string, branch: string | null): Promise<LoadedLayout | null>;
  /**
   * The layout of a base with what a change proposes: of the change's files only what may come from
   * one counts, the rest is only checked. The base itself when the change does not touch any.
   * Null: the ref is gone.
   */
  proposed(
    base: LoadedLayout,
    repository: RepositoryKey,
    ref: string,
  ): Promise<LoadedLayout | null>;
  /** Asks for this owner's configuration again although it was missing a moment ago. */
  forgetOwner(login: string): void;
}

/** What layouts are read with. */
export interface LayoutsDeps {
  readonly configuration: ConfigurationReader;
  readonly clock: Clock;
  readonly log: Log;
}

/** Makes the cache; it holds nothing that cannot be read again. */
export function createLayouts(deps: LayoutsDeps): Layouts {
  const parsed = new Map<string, LoadedLayout>();
  const owners = createOwners(deps);

  function load(key: string, ownHash: string, sources: readonly LayoutSource[]): LoadedLayout {
    const known = parsed.get(key);
    if (known !== undefined) return known;
    const { layout, problems } = loadLayout(sources);
    const hasOwnFiles = (sources.at(-1)?.files.length ?? 0) > 0;
    const loaded = { layout, problems, ownHash, hasOwnFiles, sources, key };
    if (parsed.size >= LAYOUTS_MAX) parsed.delete(parsed.keys().next().value ?? '');
    parsed.set(key, loaded);
    reportErrors(deps.log, problems);
    return loaded;
  }

  return {
    async at(repository, ref, branch) {
      const [own, owner] = await Promise.all([
        deps.configuration.readConfiguration(repository, ref),
        isOwnerRepository(repository) ? null : owners.read(repository),
      ]);
      if (own === null) return null;
      const hash = own.contentHash;
      const key = JSON.stringify([repository, branch, hash, owner?.contentHash ?? '']);
      return load(key, hash, sourcesOf(own, owner, branch));
    },
    async proposed(base, repository, ref) {
      const own = await deps.configuration.readConfiguration(repository, ref);
      if (own === null) return null;
      if (own.contentHash === base.ownHash) return base;
      const last = base.sources.at(-1);
      if (last === undefined) return null;
      const proposal = { ...last, isProposed: true, files: own.files };
      const key = JSON.stringify([base.key, 'proposed', own.contentHash]);
      return load(key, own.contentHash, [...base.sources, proposal]);
    },
    forgetOwner: owners.forget,
  };
}

/** The owner's configuration repository, which holds for all of the owner's repositories. */
function createOwners({ configuration, clock }: LayoutsDeps) {
  const missing = new Map<string, number>();
  return {
    async read(repository: RepositoryKey): Promise<ConfigurationFiles | null> {
      const login = ownerOf(repository);
      const missingSince = missing.get(login.toLowerCase());
      const now = clock.now();
      if (missingSince !== undefined && now - missingSince < MISSING_OWNER_KEPT_MS) return null;
      const owner = repositoryKey(`${login}/${OWNER_REPOSITORY}`);
      const files = await configuration.readConfiguration(owner, DEFAULT_BRANCH);
      if (files === null) missing.set(login.toLowerCase(), now);
      else missing.delete(login.toLowerCase());
      return files;
    },
    forget(login: string): void {
      missing.delete(login.toLowerCase());
    },
  };
}

function isOwnerRepository(repository: RepositoryKey): boolean {
  return nameOf(repository) === OWNER_REPOSITORY;
}

/** Once per content: what stands wrong on a branch blocks nobody, and must be seen somewhere. */
function reportErrors(log: Log, problems: readonly ConfigurationProblem[]): void {
  const errors = problems.filter((problem) => problem.level === 'error');
  for (const { repository, branch, path, range, message } of errors.slice(0, ERRORS_LOGGED_MAX)) {
    const line = range?.startLine ?? null;
    log.info({ repository, branch, path, line, problem: message }, 'configuration has an error');
  }
}

function sourcesOf(
  own: ConfigurationFiles,
  owner: ConfigurationFiles | null,
  branch: string | null,
): readonly LayoutSource[] {
  const { repository, files } = own;
  if (isOwnerRepository(repository)) return [{ repository, branch: null, role: 'owner', files }];
  const ownSource: LayoutSource = { repository, branch, role: 'repository', files };
  return owner === null
    ? [ownSource]
    : [
        { repository: owner.repository, branch: null, role: 'owner', files: owner.files },
        ownSource,
      ];
}
