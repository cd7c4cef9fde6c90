/**
 * What one event costs the engine while few or many runs are live: the whole turn on a real Redis
 * (open, load, step, commit, relay), and the pure step alone on what such a turn loads.
 */
import { createEngine } from '@gatehouse/engine';
import type { Json } from '@gatehouse/model';
import {
  type EngineState,
  emptyState,
  firstReads,
  furtherReads,
  readChangeRecord,
  readItem,
  step,
} from '@gatehouse/pipeline';
import type { MessageCatalogue, WorkOptions, WorkQueue } from '@gatehouse/ports';
import { createStore, type Store } from '@gatehouse/store';
import { createMetrics } from '@gatehouse/telemetry';
import { quietLog } from '@gatehouse/testkit';
import { startBenchRedis } from '../kit/bench-redis.ts';
import { interleave } from '../kit/rounds.ts';
import { spreadOf } from '../kit/stats.ts';
import { assertLive, newHead, type Population, population, post } from './population.ts';

/** How many runs are live, and how often to look. */
export interface EngineOptions {
  readonly rounds: number;
  readonly sizes: readonly number[];
  /** Events of one round. */
  readonly turns: number;
  readonly steps: number;
}

/** One round with one number of live runs: the median over its events. */
export interface EngineFigures {
  readonly turnUs: number;
  readonly stepUs: number;
}

/** Figures by the number of live runs. */
export async function measureEngine(options: EngineOptions): Promise<Map<string, EngineFigures[]>> {
  await using redis = await startBenchRedis({ hasFile: false });
  const store = createStore(redis.redis, quietLog);
  const turn = turnOf(store);
  const tenants = options.sizes.map(population);
  for (const one of tenants) {
    await populate(store, one, turn);
    assertLive(one, await store.tenants.liveBuildsets(one.tenant));
  }
  const records = new Map(tenants.map((one) => [one, storedOf(one)]));
  const bySize = new Map(tenants.map((one) => [String(one.size), one]));
  // The first round compiles; nobody counts it.
  const names = [...bySize.keys()];
  const all = await interleave(names, options.rounds + 1, async (name) => {
    const one = bySize.get(name) ?? population(0);
    const stored = records.get(one) ?? storedOf(one);
    const turnUs = await timeTurns(store, one, { turn, turns: options.turns });
    return { turnUs, stepUs: timeSteps(one, stored, options.steps) };
  });
  for (const one of tenants) assertLive(one, await store.tenants.liveBuildsets(one.tenant));
  return new Map([...all].map(([name, figures]) => [name, figures.slice(1)]));
}

type Turn = (of: Population) => Promise<void>;

/** The engine's handler of the queue `turns`, called by hand instead of by a queue. */
function turnOf(store: Store): Turn {
  let turns: WorkOptions<'turns'> | null = null;
  const queue: WorkQueue = {
    send: async () => undefined,
    work: (name, options) => {
      // The name says which messages these options take.
      if (name === 'turns') turns = options as unknown as WorkOptions<'turns'>;
      return { start: nothing, stop: nothing, isRunning: true, [Symbol.asyncDispose]: nothing };
    },
    count: async () => ({ waiting: 0, active: 0, delayed: 0 }),
  };
  const refused = () => {
    throw new Error('a turn asks nobody');
  };
  createEngine({
    ...store,
    queue,
    deliveryReader: { readDelivery: refused },
    changes: new Proxy({}, { get: refused }) as never, // nothing of it is used in a turn
    configuration: new Proxy({}, { get: refused }) as never,
    accounts: { forgetAccount: refused },
    metrics: createMetrics({ version: 'bench', hasProcessMetrics: false }),
    clock: { now: () => Date.now() },
    log: quietLog,
  });
  const context = { attempt: 1, isLastAttempt: false, signal: new AbortController().signal };
  return async ({ tenant }) => {
    const message: MessageCatalogue['turns'] = { tenant };
    await turns?.handle(message, context);
  };
}

const nothing = async (): Promise<void> => undefined;

const POSTED_AT_ONCE = 500;

async function populate(store: Store, of: Population, turn: Turn): Promise<void> {
  for (let first = 1; first <= of.size; first += POSTED_AT_ONCE) {
    const count = Math.min(POSTED_AT_ONCE, of.size - first + 1);
    const events = Array.from({ length: count }, (_, index) => newHead(of, first + index));
    await post(store.tenants, of, events);
    await turn(of);
  }
}

async function timeTurns(
  store: Store,
  of: Population,
  { turn, turns }: { readonly turn: Turn; readonly turns: number },
): Promise<number> {
  const spentUs: number[] = [];
  for (let i = 0; i < turns; i += 1) {
    await post(store.tenants, of, [newHead(of, anyOf(of, i))]);
    const startedAt = performance.now();
    await turn(of);
    spentUs.push((performance.now() - startedAt) * 1000);
  }
  return spreadOf(spentUs).median;
}

/** Walks through all changes far apart, so that no round meets the same few. */
function anyOf(of: Population, i: number): number {
  return ((i * 7919 + of.heads) % of.size) + 1;
}

/** Every record of a tenant as the store keeps it. */
interface Stored {
  readonly changes: ReadonlyMap<string, string>;
  readonly items: ReadonlyMap<string, string>;
}

function storedOf(of: Population): Stored {
  const apart: Population = { ...of, heads: 0 };
  const changes = new Map<string, string>();
  const items = new Map<string, string>();
  for (let number = 1; number <= of.size; number += 1) {
    const { state } = step(emptyState, newHead(apart, number));
    for (const [key, one] of Object.entries(state.changes)) changes.set(key, JSON.stringify(one));
    for (const [key, one] of Object.entries(state.items)) items.set(key, JSON.stringify(one));
  }
  return { changes, items };
}

/** Times the step alone: what a turn loads is read before, event by event, as a turn does. */
function timeSteps(of: Population, stored: Stored, steps: number): number {
  const apart: Population = { ...of, heads: of.size };
  const spentUs: number[] = [];
  for (let i = 0; i < steps; i += 1) {
    const event = newHead(apart, anyOf(of, i));
    const state = loaded(stored, event);
    const startedAt = performance.now();
    step(state, event);
    spentUs.push((performance.now() - startedAt) * 1000);
  }
  return spreadOf(spentUs).median;
}

function loaded(stored: Stored, event: ReturnType<typeof newHead>): EngineState {
  const first = firstReads(event);
  const changes = read(stored.changes, first.changes, readChangeRecord);
  const further = furtherReads({ changes, items: {} });
  return { changes, items: read(stored.items, [...first.items, ...further.items], readItem) };
}

function read<Value>(
  from: ReadonlyMap<string, string>,
  keys: readonly string[],
  parse: (stored: Json) => Value,
): Record<string, Value> {
  const texts = keys.map((key) => [key, from.get(key)] as const);
  return Object.fromEntries(
    // What JSON.parse gives is JSON.
    texts.flatMap(([key, text]) => (text ? [[key, parse(JSON.parse(text) as Json)]] : [])),
  );
}
