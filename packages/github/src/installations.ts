/**
 * Where the App is installed, and one client for each installation.
 *
 * Owns the memory of owner → installation. An App is installed at most once on an account, so one
 * found installation answers for all of the owner's repositories; a miss is remembered for that
 * repository only and briefly, because somebody may be installing the App right now. What GitHub
 * gives no token for any more is forgotten, so that the next call looks again. A search that is
 * under way when its account is forgotten serves whoever began it and nobody else: it may have
 * asked before the App was installed.
 */
import { GatehouseError, nameOf, ownerOf, type RepositoryKey } from '@gatehouse/model';
import type { Clock } from '@gatehouse/ports';
import { z } from 'zod';
import { type Client, resource } from './http/client.ts';
import { statusOf } from './http/errors.ts';

const foundTtlMs = 60 * 60 * 1000;
const missedTtlMs = 10_000;
/** Owners and missed repositories that are remembered at once. */
const rememberedMax = 10_000;

const installationOfRepository = resource(
  'GET /repos/{owner}/{repo}/installation',
  z.object({ id: z.number(), suspended_at: z.string().nullish() }),
);

/** Finds the client with which a repository is seen. */
export interface Installations {
  /** Null: the App is not installed there. */
  find(repository: RepositoryKey): Promise<Client | null>;
  /** @throws GatehouseError `GATE_GITHUB_REFUSED` when the App is not installed there. */
  need(repository: RepositoryKey): Promise<Client>;
  /**
   * Forgets an account's installation, and what searches under way will say of it; an
   * `installation` event is a good reason.
   */
  forgetAccount(login: string): void;
}

/** What the search is made of. */
export interface InstallationsDeps {
  readonly app: Client;
  readonly clock: Clock;
  /** @param onGone to be called when GitHub gives no token for the installation. */
  readonly openClient: (installation: number, onGone: () => void) => Promise<Client>;
}

interface Remembered {
  readonly client: Client | null;
  readonly until: number;
}

export function createInstallations(deps: InstallationsDeps): Installations {
  const byOwner = new Map<string, Remembered>();
  const missed = new Map<string, Remembered>();
  const running = new Map<string, Promise<Client | null>>();

  async function lookUp(repository: RepositoryKey, owner: string): Promise<Client | null> {
    const found = await askFor(deps.app, repository);
    return found === null ? null : deps.openClient(found, () => byOwner.delete(owner));
  }

  function beginSearch(repository: RepositoryKey, owner: string): Promise<Client | null> {
    const key = repository.toLowerCase();
    // A search that `forgetAccount` took out may have seen what was before.
    const isCurrent = (): boolean => running.get(key) === search;
    const search = lookUp(repository, owner)
      .then((client) => {
        if (isCurrent()) rememberFound(client, owner, key);
        return client;
      })
      .finally(() => {
        if (isCurrent()) running.delete(key);
      });
    running.set(key, search);
    return search;
  }

  function rememberFound(client: Client | null, owner: string, key: string): void {
    const now = deps.clock.now();
    if (client === null) remember(missed, key, { client, until: now + missedTtlMs });
    else remember(byOwner, owner, { client, until: now + foundTtlMs });
  }

  async function find(repository: RepositoryKey): Promise<Client | null> {
    const owner = ownerOf(repository).toLowerCase();
    const now = deps.clock.now();
    const known = byOwner.get(owner);
    if (known !== undefined && known.until > now) return known.client;
    const key = repository.toLowerCase();
    const miss = missed.get(key);
    if (miss !== undefined && miss.until > now) return null;
    return running.get(key) ?? beginSearch(repository, owner);
  }

  return {
    find,
    async need(repository) {
      const client = await find(repository);
      if (client !== null) return client;
      throw new GatehouseError('GATE_GITHUB_REFUSED', `The App is not installed on ${repository}`, {
        details: { repository },
      });
    },
    forgetAccount(login) {
      const owner = login.toLowerCase();
      byOwner.delete(owner);
      for (const memory of [missed, running]) {
        for (const key of memory.keys()) if (key.startsWith(`${owner}/`)) memory.delete(key);
      }
    },
  };
}

async function askFor(app: Client, repository: RepositoryKey): Promise<number | null> {
  try {
    const installation = await app.readAnew(installationOfRepository, {
      owner: ownerOf(repository),
      repo: nameOf(repository),
    });
    if (typeof installation.suspended_at !== 'string') return installation.id;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
  throw new GatehouseError(
    'GATE_GITHUB_REFUSED',
    `The installation of the App on ${ownerOf(repository)} is suspended`,
    { details: { repository } },
  );
}

function remember(memory: Map<string, Remembered>, key: string, value: Remembered): void {
  memory.delete(key);
  memory.set(key, value);
  const oldest = memory.keys().next();
  if (memory.size > rememberedMax && oldest.done !== true) memory.delete(oldest.value);
}
