/**
 * The owner's other repositories, for names that a repository uses and neither it nor the owner's
 * configuration defines. They are read only when there is such a name, from their default branches,
 * and what was read is kept for some minutes: a push to one of them makes that one forgotten.
 *
 * A repository that everybody sees is never offered what stands in one that only some see: its
 * runs would show to strangers what they may not read.
 */
import { GatehouseError, isSameRepository, ownerOf, type RepositoryKey } from '@gatehouse/model';
import type {
  Clock,
  ConfigurationReader,
  ConfigurationSurvey,
  Log,
  RepositoryFacts,
} from '@gatehouse/ports';
import { createReads } from './reads.ts';
import { isOwnerRepository, type LayoutQuestion, type ReadSource, readSource } from './sources.ts';

/** How long an owner's list of repositories counts, in milliseconds. */
const LIST_KEPT_MS = 60_000;
/** How long a repository's files count, in milliseconds. */
const FILES_KEPT_MS = 5 * 60_000;
/** Repositories whose files are kept; the one read longest ago goes first. */
const FILES_MAX = 2_000;
/** Owners whose list is kept. */
const LISTS_MAX = 1_000;
/** Repositories that are read at once. */
const READ_AT_ONCE = 6;

/** Reads them. */
export interface OtherRepositories {
  /** Those that have configuration, by name. */
  read(question: LayoutQuestion): Promise<readonly ReadSource[]>;
  /** Told when something was pushed there. */
  forget(repository: RepositoryKey): void;
  /** Told when the App came to repositories of this owner, or left some. */
  forgetOwner(login: string): void;
}

interface Kept<T> {
  readonly value: T;
  readonly readAt: number;
}

/** What they are read with. */
export interface OtherRepositoriesDeps {
  readonly configuration: ConfigurationReader & ConfigurationSurvey;
  readonly clock: Clock;
  readonly log: Log;
}

/** Makes the reader; what it remembers can be read again. */
export function createOtherRepositories(deps: OtherRepositoriesDeps): OtherRepositories {
  const lists = new Map<string, Kept<readonly RepositoryFacts[]>>();
  const sources = new Map<string, Kept<ReadSource | null>>();
  const listReads = createReads();
  const sourceReads = createReads();

  async function list(repository: RepositoryKey): Promise<readonly RepositoryFacts[]> {
    const login = ownerOf(repository).toLowerCase();
    const readAt = deps.clock.now();
    const known = lists.get(login);
    if (known !== undefined && readAt - known.readAt < LIST_KEPT_MS) return known.value;
    return listReads.run({
      key: login,
      read: () => listAnew(repository),
      keep: (value) => keep(lists, login, { value, readAt, max: LISTS_MAX }),
    });
  }

  async function listAnew(repository: RepositoryKey): Promise<readonly RepositoryFacts[]> {
    const { repositories, isComplete } = await deps.configuration.listRepositories(repository);
    if (!isComplete) {
      const text = 'an owner has more repositories than are searched for names';
      const owner = ownerOf(repository).toLowerCase();
      deps.log.warn({ owner, read: repositories.length }, text);
    }
    return repositories;
  }

  async function sourceOf(facts: RepositoryFacts): Promise<ReadSource | null> {
    const key = facts.repository.toLowerCase();
    const readAt = deps.clock.now();
    const known = sources.get(key);
    if (known !== undefined && readAt - known.readAt < FILES_KEPT_MS) return known.value;
    return sourceReads.run({
      key,
      read: () => readOther(deps, facts),
      keep: (value) => keep(sources, key, { value, readAt, max: FILES_MAX }),
    });
  }

  return {
    async read({ repository, isPublic }) {
      const all = await list(repository);
      const others = all.filter(
        (other) =>
          !isSameRepository(other.repository, repository) &&
          !isOwnerRepository(other.repository) &&
          (other.isPublic || !isPublic),
      );
      const found: (ReadSource | null)[] = [];
      for (let start = 0; start < others.length; start += READ_AT_ONCE) {
        found.push(...(await Promise.all(others.slice(start, start + READ_AT_ONCE).map(sourceOf))));
      }
      return found.filter((one): one is ReadSource => one !== null && one.source.files.length > 0);
    },
    forget: (repository) => {
      sourceReads.forget(repository.toLowerCase());
      sources.delete(repository.toLowerCase());
    },
    forgetOwner: (login) => {
      listReads.forget(login.toLowerCase());
      lists.delete(login.toLowerCase());
    },
  };
}

/** One that cannot be read now defines nothing now; what will pass is waited for. */
async function readOther(
  { configuration, log }: OtherRepositoriesDeps,
  { repository, defaultBranch }: RepositoryFacts,
): Promise<ReadSource | null> {
  try {
    const found = await configuration.readConfiguration(repository, defaultBranch);
    const place = { branch: defaultBranch, role: 'repository', isDefaultBranch: true } as const;
    return found === null ? null : readSource(found, place);
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.kind === 'transient') throw error;
    log.warn({ repository, err: error }, 'a repository cannot be searched for names');
    return null;
  }
}

function keep<T>(
  memory: Map<string, Kept<T>>,
  key: string,
  { max, ...kept }: Kept<T> & { readonly max: number },
): void {
  memory.delete(key);
  memory.set(key, kept);
  if (memory.size > max) memory.delete(memory.keys().next().value ?? '');
}
