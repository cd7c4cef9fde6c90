/** What the payloads of all events have in common. Only fields that are used are named. */
import {
  type CommitSha,
  isCommitSha,
  isRepositoryKey,
  type Json,
  type RepositoryKey,
  type Sender,
  type TriggerFacts,
} from '@gatehouse/model';
import type { Notice } from '@gatehouse/ports';
import { z } from 'zod';
import { type AppIdentity, botLogin } from '../identity.ts';

/** `owner/name`. */
export const RepositoryName = z.custom<RepositoryKey>(
  (value) => typeof value === 'string' && isRepositoryKey(value),
  'not a repository name',
);

/** A commit's full name. */
export const Sha = z.custom<CommitSha>(
  (value) => typeof value === 'string' && isCommitSha(value),
  'not a commit',
);

/** An account; GitHub leaves it out of events that nobody caused. */
export const Account = z.object({ login: z.string(), type: z.string().optional() });
export type Account = z.infer<typeof Account>;

/** Every event of a repository. */
export const RepositoryPayload = z.object({
  action: z.string().optional(),
  repository: z.object({ full_name: RepositoryName, html_url: z.string().optional() }),
  sender: Account.nullish(),
});

/** The App of a check, or through which somebody wrote. */
export const AppReference = z.object({ id: z.number(), slug: z.string().optional() });

/** What reading needs to know besides the payload. */
export interface ReadingContext {
  /** Null until GitHub was asked; then only the App's number is known. */
  readonly identity: AppIdentity | null;
  /** The App's number as set up; null when the settings name the App by its client id. */
  readonly appId: number | null;
}

/** Reads the payload of one event. */
export type PayloadReader = (payload: Json, context: ReadingContext) => Notice;

export function senderOf(account: Account | null | undefined, context: ReadingContext): Sender {
  const login = account?.login ?? 'ghost';
  return {
    login,
    isBot: account?.type === 'Bot' || login.endsWith('[bot]'),
    isSelf: context.identity !== null && login === botLogin(context.identity),
  };
}

/** True for this App itself. */
export function isOwnApp(
  app: z.infer<typeof AppReference> | null | undefined,
  context: ReadingContext,
): boolean {
  const own = context.identity?.id ?? context.appId;
  return own !== null && app?.id === own;
}

/** Facts of a trigger; what is not given is null. */
export function triggerFacts(facts: { event: string } & Partial<TriggerFacts>): TriggerFacts {
  return {
    action: null,
    comment: null,
    label: null,
    reviewState: null,
    check: null,
    status: null,
    ref: null,
    ...facts,
  };
}

export function ignored(reason: string): Notice {
  return { kind: 'ignored', reason };
}

/** The notice of a payload that fits, else why it does not. */
export function readWith<T>(
  schema: z.ZodType<T>,
  payload: Json,
  read: (value: T) => Notice,
): Notice {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return read(parsed.data);
  const issue = parsed.error.issues[0];
  const path = issue?.path.join('.') ?? '';
  return ignored(`the payload cannot be read at ${path || 'its root'}: ${issue?.message ?? ''}`);
}

/** The page of a commit; empty when the payload does not say where the repository's pages are. */
export function commitUrl(repository: { html_url?: string | undefined }, sha: CommitSha): string {
  return repository.html_url === undefined ? '' : `${repository.html_url}/commit/${sha}`;
}
