/**
 * Identifiers as branded strings: a value of one kind cannot stand where another is wanted, and
 * each kind is made only here, by a constructor that checks what it is given.
 */
import { invariant } from './invariant.ts';

declare const brand: unique symbol;

/** A `string` that carries the name of its kind in the type and nothing at run time. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A tenant: by default a GitHub owner's login in lower case (`acme`). */
export type TenantId = Branded<'TenantId'>;
/** `owner/name`, in the spelling GitHub uses. Compare with {@link isSameRepository}. */
export type RepositoryKey = Branded<'RepositoryKey'>;
/** A full git object name: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits. */
export type CommitSha = Branded<'CommitSha'>;
/** One change or ref of one repository: `owner/name#7` or `owner/name@refs/heads/main`. */
export type ChangeKey = Branded<'ChangeKey'>;
/** One run of one change through one pipeline; also the `external_id` that GitHub shows. */
export type BuildsetId = Branded<'BuildsetId'>;
/** One job of one buildset; stays the same over all attempts. */
export type BuildId = Branded<'BuildId'>;
/** One change queue of one pipeline. */
export type QueueId = Branded<'QueueId'>;
/** A webhook delivery: GitHub's `X-GitHub-Delivery`. */
export type DeliveryId = Branded<'DeliveryId'>;
/** One event in a tenant's mailbox; the same fact always has the same id. */
export type EventId = Branded<'EventId'>;
/** One effect of the engine; doing it twice under the same key is harmless. */
export type EffectKey = Branded<'EffectKey'>;

const REPOSITORY = /^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/;
const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const OPAQUE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** @throws invariant when `text` is not `owner/name`. */
export function repositoryKey(text: string): RepositoryKey {
  return checked<RepositoryKey>(text, REPOSITORY, 'a repository is written owner/name');
}

/** @throws invariant when `text` is not a full lower-case object name. */
export function commitSha(text: string): CommitSha {
  return checked<CommitSha>(text, SHA, 'a commit is a full lower-case object name');
}

/** True when `text` is a full object name; use before {@link commitSha} on what strangers sent. */
export function isCommitSha(text: string): text is CommitSha {
  return SHA.test(text);
}

/** True when `text` has the form `owner/name`. */
export function isRepositoryKey(text: string): text is RepositoryKey {
  return REPOSITORY.test(text);
}

/** The tenant that a repository belongs to by default: its owner, in lower case. */
export function tenantOf(repository: RepositoryKey): TenantId {
  return ownerOf(repository).toLowerCase() as TenantId; // the owner part of a checked key
}

/** @throws invariant when `text` is no owner's login. */
export function tenantId(text: string): TenantId {
  return checked<TenantId>(text.toLowerCase(), OPAQUE, 'a tenant is an owner login');
}

/** `acme` of `acme/api`. */
export function ownerOf(repository: RepositoryKey): string {
  return repository.slice(0, repository.indexOf('/'));
}

/** `api` of `acme/api`. */
export function nameOf(repository: RepositoryKey): string {
  return repository.slice(repository.indexOf('/') + 1);
}

/** GitHub's owner and repository names do not depend on case. */
export function isSameRepository(a: RepositoryKey, b: RepositoryKey): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** @throws invariant when `text` has characters that do not belong in a URL path segment. */
export function buildsetId(text: string): BuildsetId {
  return checked<BuildsetId>(text, OPAQUE, 'a buildset id is one plain word');
}

/** @throws invariant when `text` has characters that do not belong in a URL path segment. */
export function buildId(text: string): BuildId {
  return checked<BuildId>(text, OPAQUE, 'a build id is one plain word');
}

/** True when `text` can be a buildset id; use before {@link buildsetId} on what strangers sent. */
export function isBuildsetId(text: string): text is BuildsetId {
  return OPAQUE.test(text);
}

/** True when `text` can be a build id; use before {@link buildId} on what strangers sent. */
export function isBuildId(text: string): text is BuildId {
  return OPAQUE.test(text);
}

/** @throws invariant when `text` is empty. */
export function queueId(text: string): QueueId {
  return nonEmpty<QueueId>(text, 'a queue id is not empty');
}

/** @throws invariant when `text` has characters that do not belong in a header value. */
export function deliveryId(text: string): DeliveryId {
  return checked<DeliveryId>(text, OPAQUE, 'a delivery id is one plain word');
}

/** True when `text` can be a delivery id: one plain word of at most 128 characters. */
export function isDeliveryId(text: string): text is DeliveryId {
  return OPAQUE.test(text);
}

/** @throws invariant when `text` is empty. */
export function eventId(text: string): EventId {
  return nonEmpty<EventId>(text, 'an event id is not empty');
}

/** @throws invariant when `text` is empty. */
export function effectKey(text: string): EffectKey {
  return nonEmpty<EffectKey>(text, 'an effect key is not empty');
}

function checked<T extends string>(text: string, form: RegExp, sentence: string): T {
  invariant(form.test(text), `${sentence}, not ${JSON.stringify(text.slice(0, 80))}`);
  return text as T; // the form was just checked
}

function nonEmpty<T extends string>(text: string, sentence: string): T {
  invariant(text.length > 0, sentence);
  return text as T; // just checked
}
