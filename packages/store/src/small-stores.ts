/** Stores that are a key and a value. */
import type { NoteStore, ResponseCache } from '@gatehouse/ports';
import type { Redis } from 'ioredis';
import { noteKey, responseKey } from './keys.ts';
import { onRedis } from './redis-errors.ts';
import { exchangeNote } from './scripts/exchange-note.ts';
import { parseStoredJson } from './stored.ts';

/** What workers keep between runs. */
export function createNoteStore(redis: Redis): NoteStore {
  return {
    readNote: async (key) => {
      const text = await onRedis('read-note', () => redis.get(noteKey(key)));
      return text === null ? null : parseStoredJson(text, 'a note');
    },
    writeNote: async (key, body, timeToLiveMs) => {
      const text = JSON.stringify(body);
      await onRedis('write-note', () => redis.set(noteKey(key), text, 'PX', whole(timeToLiveMs)));
    },
    exchangeNote: (key, { from, to }, timeToLiveMs) => {
      const texts = { from: from === null ? null : JSON.stringify(from), to: JSON.stringify(to) };
      return exchangeNote(redis, noteKey(key), { ...texts, timeToLiveMs: whole(timeToLiveMs) });
    },
  };
}

/** Answers of the code host by validator. */
export function createResponseCache(redis: Redis): ResponseCache {
  return {
    get: (key) => onRedis('read-response', () => redis.get(responseKey(key))),
    set: async (key, value, timeToLiveMs) => {
      const lifetime = whole(timeToLiveMs);
      await onRedis('write-response', () => redis.set(responseKey(key), value, 'PX', lifetime));
    },
    delete: async (key) => {
      await onRedis('delete-response', () => redis.del(responseKey(key)));
    },
  };
}

/** Redis takes whole milliseconds from 1 on. */
function whole(timeToLiveMs: number): number {
  return Math.max(1, Math.ceil(timeToLiveMs));
}
