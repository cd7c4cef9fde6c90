/** Reading back what the store itself wrote. */
import { GatehouseError, type Json } from '@gatehouse/model';
import * as z from 'zod';

/** Any JSON value; its owner looks closer. */
const AnyJson: z.ZodType<Json> = z.json();

/** @throws GatehouseError `GATE_STATE_UNREADABLE` when `value` does not have the form of `schema`. */
export function parseStored<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new GatehouseError('GATE_STATE_UNREADABLE', `${what} in Redis cannot be read`, {
    cause: parsed.error,
    details: { what },
  });
}

/** @throws GatehouseError `GATE_STATE_UNREADABLE` when `text` is not JSON. */
export function parseStoredJson(text: string, what: string): Json {
  try {
    return JSON.parse(text) as Json; // JSON.parse gives nothing else
  } catch (cause) {
    throw new GatehouseError('GATE_STATE_UNREADABLE', `${what} in Redis is not JSON`, {
      cause,
      details: { what },
    });
  }
}

/** For schemas of the store's own envelopes. */
export const storedJson = AnyJson;
