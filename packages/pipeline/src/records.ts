/**
 * Reading back what was stored. Each record, event and effect names its kind and carries what the
 * engine finds its way by; that much is checked, so that a record of another version is refused
 * with a clear error instead of being misread. The rest was written by this package itself.
 */
import { type BuildsetId, type ChangeKey, GatehouseError, type Json } from '@gatehouse/model';
import { z } from 'zod';
import type { Effect } from './effects.ts';
import type { EngineEvent } from './events.ts';
import type { ChangeRecord, Item } from './state.ts';

const word = z.string().min(1);
const time = z.number().int().nonnegative();

const build = z.looseObject({
  id: word,
  job: z.looseObject({ name: word, execution: z.looseObject({ kind: word }) }),
  phase: z.enum(['waiting', 'launched', 'running', 'completed']),
  attempt: z.number().int().nonnegative(),
  result: z.string().nullable(),
});

/** What must hold of a stored item. */
export const itemSchema = z.looseObject({
  schema: z.literal(1),
  buildset: word,
  tenant: word,
  pipeline: z.looseObject({ name: word, manager: word }),
  change: z.looseObject({ kind: z.enum(['proposed', 'ref']), repository: word, headSha: word }),
  trust: z.looseObject({ isTrusted: z.boolean() }),
  phase: z.enum(['preparing', 'running', 'completed', 'wedged']),
  builds: z.array(build),
  // Records of before it was kept have none.
  isDebug: z.boolean().default(false),
  enqueuedAt: time,
  revision: z.number().int().positive(),
});

const changeRecordSchema = z.looseObject({
  schema: z.literal(1),
  key: word,
  // Records of before it was kept have none.
  newest: z
    .looseObject({ at: time, change: z.looseObject({ headSha: word }) })
    .nullable()
    .default(null),
  live: z.array(z.looseObject({ buildset: word, pipeline: word, headSha: word })),
  waiting: z.array(z.looseObject({ pipeline: word, headSha: word })),
  approvals: z.array(z.looseObject({ headSha: word, by: word })),
  lastEnqueuedAt: time.optional(),
});

const eventSchema = z.looseObject({
  type: z.enum([
    'ChangeObserved',
    'ItemPrepared',
    'BuildStarted',
    'BuildCompleted',
    'BuildTimedOut',
    'DequeueRequested',
  ]),
  id: word,
  tenant: word,
  at: time,
});

const effectSchema = z.looseObject({
  kind: z.enum([
    'PrepareItem',
    'ReleaseState',
    'LaunchBuild',
    'CancelBuild',
    'ReportItem',
    'SetTimer',
  ]),
  key: word,
  tenant: word,
  buildset: word,
});

/** Where an item's record is kept, within its tenant. */
export function itemRecordKey(buildset: BuildsetId): string {
  return `item/${buildset}`;
}

/** Where a change's record is kept, within its tenant. */
export function changeRecordKey(change: ChangeKey): string {
  return `change/${change}`;
}

/** A record, event or effect as what is stored: each is plain JSON by construction. */
export function asJson(record: Item | ChangeRecord | EngineEvent | Effect): Json {
  // Interfaces have no index signature, so the compiler cannot see what a test shows.
  return record as unknown as Json;
}

/** @throws GatehouseError `GATE_STATE_UNREADABLE` */
export function readItem(stored: Json): Item {
  // Checked above as far as the engine steers by it; written by this package.
  return parsed('item', itemSchema, stored) as unknown as Item;
}

/** @throws GatehouseError `GATE_STATE_UNREADABLE` */
export function readChangeRecord(stored: Json): ChangeRecord {
  return parsed('change record', changeRecordSchema, stored) as unknown as ChangeRecord; // as above
}

/** @throws GatehouseError `GATE_STATE_UNREADABLE` */
export function readEvent(stored: Json): EngineEvent {
  return parsed('event', eventSchema, stored) as unknown as EngineEvent; // as above
}

/** @throws GatehouseError `GATE_STATE_UNREADABLE` */
export function readEffect(stored: Json): Effect {
  return parsed('effect', effectSchema, stored) as unknown as Effect; // as above
}

function parsed<T>(what: string, schema: z.ZodType<T>, stored: Json): T {
  const result = schema.safeParse(stored);
  if (result.success) return result.data;
  const where = result.error.issues[0]?.path.join('.') ?? '';
  throw new GatehouseError('GATE_STATE_UNREADABLE', `a stored ${what} cannot be read at ${where}`, {
    details: { what, where },
  });
}
