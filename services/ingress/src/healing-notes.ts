/**
 * What healing remembers between looks, in the note store: who looks now, up to when everything
 * was looked at, and how often a delivery has been asked for.
 */
import type { Json } from '@gatehouse/model';
import type { NoteStore } from '@gatehouse/ports';
import { z } from 'zod';
import { HEALING_LEASE_MS, HEALING_WINDOW_MS } from './limits.ts';

const LEASE_KEY = 'ingress/healing/lease';
const PROGRESS_KEY = 'ingress/healing/progress';
const ASKED_PREFIX = 'ingress/healing/asked/';

/** A note of another version counts as none: healing then looks further back, which is harmless. */
const Lease = z.object({ schema: z.literal(1), holder: z.string(), until: z.number() });
const Progress = z.object({ schema: z.literal(1), lookedAt: z.number() });
const Asked = z.object({ schema: z.literal(1), times: z.number(), at: z.number() });

/** How often a delivery was asked for, and when last (milliseconds since 1970). */
export interface AskedBefore {
  readonly times: number;
  readonly at: number;
}

/** Typed access to healing's notes. */
export interface HealingNotes {
  /**
   * Takes or renews the lease. Notes know no compare-and-set, so two processes can in rare cases
   * both believe to hold it; everything they do then is done twice and harmless.
   * @returns 0: it is held by `holder` now; else milliseconds until the other's claim ends
   */
  takeLease(holder: string, now: number): Promise<number>;
  releaseLease(holder: string): Promise<void>;
  /** Start of the last complete look; null: there was none, or it is forgotten. */
  readLookedAt(): Promise<number | null>;
  writeLookedAt(at: number): Promise<void>;
  /** Null: never asked for. */
  readAsked(deliveryId: string): Promise<AskedBefore | null>;
  writeAsked(deliveryId: string, asked: AskedBefore): Promise<void>;
}

/** Healing's notes in `notes`. */
export function createHealingNotes(notes: NoteStore): HealingNotes {
  async function read<Note>(key: string, schema: z.ZodType<Note>): Promise<Note | null> {
    return schema.safeParse(await notes.readNote(key)).data ?? null;
  }
  const write = (key: string, body: Json) => notes.writeNote(key, body, HEALING_WINDOW_MS);

  return {
    async takeLease(holder, now) {
      const current = await read(LEASE_KEY, Lease);
      if (current !== null && current.holder !== holder && current.until > now) {
        return current.until - now;
      }
      const until = now + HEALING_LEASE_MS;
      await notes.writeNote(LEASE_KEY, { schema: 1, holder, until }, HEALING_LEASE_MS);
      const winner = await read(LEASE_KEY, Lease);
      return winner === null || winner.holder === holder ? 0 : HEALING_LEASE_MS;
    },
    async releaseLease(holder) {
      const current = await read(LEASE_KEY, Lease);
      if (current?.holder !== holder) return;
      await notes.writeNote(LEASE_KEY, { schema: 1, holder, until: 0 }, HEALING_LEASE_MS);
    },
    readLookedAt: async () => (await read(PROGRESS_KEY, Progress))?.lookedAt ?? null,
    writeLookedAt: (at) => write(PROGRESS_KEY, { schema: 1, lookedAt: at }),
    readAsked: (deliveryId) => read(`${ASKED_PREFIX}${deliveryId}`, Asked),
    writeAsked: (deliveryId, asked) =>
      write(`${ASKED_PREFIX}${deliveryId}`, { schema: 1, times: asked.times, at: asked.at }),
  };
}
