/** How an effect is kept in an outbox. */
import { effectKey } from '@gatehouse/model';
import type { StoredEffect } from '@gatehouse/ports';
import * as z from 'zod';
import { parseStored, parseStoredJson, storedJson } from './stored.ts';

const EffectEnvelope = z.strictObject({
  schema: z.literal(1),
  lane: z.enum(['merges', 'launches', 'reports', 'timers']),
  body: storedJson,
});

/** The text kept under an effect's key. */
export function effectText(effect: StoredEffect): string {
  return JSON.stringify({ schema: 1, lane: effect.lane, body: effect.body });
}

/** @throws GatehouseError `GATE_STATE_UNREADABLE`. */
export function readEffect(key: string, text: string): StoredEffect {
  const value = parseStoredJson(text, 'an effect');
  const { lane, body } = parseStored(EffectEnvelope, value, 'an effect');
  return { key: effectKey(key), lane, body };
}
