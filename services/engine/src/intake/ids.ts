/** Ids derived from where an event comes from: the same fact always gets the same id. */
import { createHash } from 'node:crypto';
import { type EventId, eventId } from '@gatehouse/model';

/** Digits of a seed: 80 bits, enough that no two events of a tenant ever share one. */
const SEED_DIGITS = 20;

/** One plain word that stands for `parts`. */
export function seedOf(...parts: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts));
  return hash.digest('hex').slice(0, SEED_DIGITS);
}

/** The id of an event that follows from `parts`. */
export function eventIdOf(...parts: readonly string[]): EventId {
  return eventId(parts.join('/'));
}
