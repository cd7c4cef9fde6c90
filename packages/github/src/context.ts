/** What the files of the API areas share. */
import {
  type CommitSha,
  GatehouseError,
  isCommitSha,
  nameOf,
  ownerOf,
  type RepositoryKey,
} from '@gatehouse/model';
import type { Log, ResponseCache } from '@gatehouse/ports';
import type { z } from 'zod';
import type { ContentMemory } from './content-memory.ts';
import type { Answer, Client } from './http/client.ts';
import { statusOf } from './http/errors.ts';
import type { Identity } from './identity.ts';
import type { Installations } from './installations.ts';

/** Handed to each API area. */
export interface GitHubContext {
  readonly installations: Installations;
  readonly identity: Identity;
  /** Calls with the App's own JWT. */
  readonly app: Client;
  readonly cache: ResponseCache;
  readonly contents: ContentMemory;
  readonly log: Log;
  /** Distinguishes servers and Apps that share one cache. */
  readonly cacheScope: string;
}

/** The two path parameters that almost every route has. */
export function pathOf(repository: RepositoryKey): { owner: string; repo: string } {
  return { owner: ownerOf(repository), repo: nameOf(repository) };
}

/** What `ask` gives, or null when GitHub answers that there is no such thing (404). */
export async function orNull<T>(ask: Promise<T>): Promise<T | null> {
  try {
    return await ask;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** @throws GatehouseError `GATE_GITHUB_UNEXPECTED` when GitHub's answer to a write is odd. */
export function fieldsOf<T>(schema: z.ZodType<T>, answer: Answer, route: string): T {
  const parsed = schema.safeParse(answer.data);
  if (parsed.success) return parsed.data;
  throw new GatehouseError('GATE_GITHUB_UNEXPECTED', `GitHub's answer to ${route} is odd`, {
    details: { route, status: answer.status },
  });
}

/** @throws GatehouseError `GATE_GITHUB_UNEXPECTED` when GitHub's object name is none. */
export function shaFrom(text: string): CommitSha {
  if (isCommitSha(text)) return text;
  throw new GatehouseError('GATE_GITHUB_UNEXPECTED', 'GitHub named a commit in an unknown form');
}
