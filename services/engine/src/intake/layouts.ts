/**
 * Layouts by repository and ref. Files are asked for every time (one conditional request when
 * nothing changed); parsing is remembered by content. The owner's configuration repository mostly
 * does not exist, and that is remembered for a minute.
 */
import { type Layout, type LayoutSource, loadLayout } from '@gatehouse/layout';
import {
  type ConfigurationProblem,
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
/** The default branch, whatever it is called. */
const DEFAULT_BRANCH = 'HEAD';

/** A layout with what is wrong in its sources. */
export interface LoadedLayout {
  readonly layout: Layout;
  readonly problems: readonly ConfigurationProblem[];
  /** Changes exactly when the repository's own files do. */
  readonly ownHash: string;
  readonly hasOwnFiles: boolean;
}

/** Gives layouts. */
export interface Layouts {
  /** Asks for this owner's configuration again although it was missing a moment ago. */
  forgetOwner(login: string): void;
  /** Null: the repository or the ref is gone. @param branch what the files count as standing on */
  at(repository: RepositoryKey, ref: string, branch: string | null): Promise<LoadedLayout | null>;
}

/** Makes the cache; it holds nothing that cannot be read again. */
export function createLayouts(deps: {
  readonly configuration: ConfigurationReader;
  readonly clock: Clock;
  readonly log: Log;
}): Layouts {
  const parsed = new Map<string, LoadedLayout>();
  const missingOwners = new Map<string, number>();

  async function ownerFiles(repository: RepositoryKey): Promise<ConfigurationFiles | null> {
    const login = ownerOf(repository);
    const missingSince = missingOwners.get(login.toLowerCase());
    const now = deps.clock.now();
    if (missingSince !== undefined && now - missingSince < MISSING_OWNER_KEPT_MS) return null;
    const owner = repositoryKey(`${login}/.gatehouse`);
    const files = await deps.configuration.readConfiguration(owner, DEFAULT_BRANCH);
    if (files === null) missingOwners.set(login.toLowerCase(), now);
    else missingOwners.delete(login.toLowerCase());
    return files;
  }

  async function at(
    repository: RepositoryKey,
    ref: string,
    branch: string | null,
  ): Promise<LoadedLayout | null> {
    const [own, owner] = await Promise.all([
      deps.configuration.readConfiguration(repository, ref),
      ownerFiles(repository),
    ]);
    if (own === null) return null;
    const memoKey = JSON.stringify([repository, branch, own.contentHash, owner?.contentHash ?? '']);
    const known = parsed.get(memoKey);
    if (known !== undefined) return known;
    const { layout, problems } = loadLayout(sourcesOf(own, owner, branch));
    const loaded = {
      layout,
      problems,
      ownHash: own.contentHash,
      hasOwnFiles: own.files.length > 0,
    };
    if (parsed.size >= LAYOUTS_MAX) parsed.delete(parsed.keys().next().value ?? '');
    parsed.set(memoKey, loaded);
    reportErrors(deps.log, ref, problems);
    return loaded;
  }

  return { at, forgetOwner: (login) => missingOwners.delete(login.toLowerCase()) };
}

/** Once per content: what stands wrong on a branch blocks nobody, and must be seen somewhere. */
function reportErrors(log: Log, ref: string, problems: readonly ConfigurationProblem[]): void {
  const errors = problems.filter((problem) => problem.level === 'error');
  for (const { repository, path, range, message } of errors.slice(0, ERRORS_LOGGED_MAX)) {
    const line = range?.startLine ?? null;
    log.info({ repository, ref, path, line, problem: message }, 'configuration has an error');
  }
}

function sourcesOf(
  own: ConfigurationFiles,
  owner: ConfigurationFiles | null,
  branch: string | null,
): readonly LayoutSource[] {
  const ownSource: LayoutSource = {
    repository: own.repository,
    branch,
    role: 'repository',
    files: own.files,
  };
  if (owner === null) return [ownSource];
  return [
    { repository: owner.repository, branch: null, role: 'owner', files: owner.files },
    ownSource,
  ];
}
