/**
 * One turn of one tenant, and the only way its state changes: load what the waiting events touch,
 * fold them through the pure engine, and commit records, effects and the consumed events in one
 * step that refuses a stale version. A refused turn is taken again from fresh state: nothing was
 * written, and stepping twice gives the same. Dying between commit and relay leaves the effects in
 * the outbox, where the next turn finds them.
 */
import { GatehouseError, type Reason, type TenantId } from '@gatehouse/model';
import {
  type EngineEvent,
  type EngineState,
  readEvent,
  type StepResult,
  step,
  wedge,
} from '@gatehouse/pipeline';
import type { Announcements, Log, StoredEvent, TenantStore } from '@gatehouse/ports';
import type { EngineMetrics } from '../deps.ts';
import { commitOf } from './commit.ts';
import { count } from './count.ts';
import type { Folded } from './folded.ts';
import { type LoadedState, loadFor } from './load.ts';

/** Events folded in one commit: bounds the size of the commit and the time a turn takes. */
const EVENTS_PER_TURN_MAX = 50;

/** Stale commits in a row after which the turn gives its place back. */
const STALE_TRIES_MAX = 5;

/** What a turn works with. */
export interface TurnDeps {
  readonly tenants: TenantStore;
  readonly announcements: Announcements;
  readonly metrics: EngineMetrics;
  readonly log: Log;
}

type TurnOutcome = 'empty' | 'stale' | 'committed';

/**
 * Takes turns until the mailbox is empty.
 * @param afterEach hands on what a turn wants done, so that a mailbox that never empties does not
 * hold it up.
 * @throws GatehouseError `GATE_COMMIT_STALE` (transient) when others keep committing in between.
 */
export async function takeTurns(
  deps: TurnDeps,
  tenant: TenantId,
  afterEach: () => Promise<void>,
): Promise<void> {
  let staleTries = 0;
  while (staleTries < STALE_TRIES_MAX) {
    const outcome = await takeTurn(deps, tenant);
    if (outcome === 'empty') return;
    if (outcome === 'committed') await afterEach();
    staleTries = outcome === 'stale' ? staleTries + 1 : 0;
  }
  throw new GatehouseError('GATE_COMMIT_STALE', 'other turns of the same tenant keep committing', {
    details: { tenant },
  });
}

async function takeTurn(deps: TurnDeps, tenant: TenantId): Promise<TurnOutcome> {
  const startedAt = performance.now();
  let outcome: TurnOutcome | 'failed' = 'failed';
  try {
    outcome = await foldAndCommit(deps, tenant);
    return outcome;
  } finally {
    deps.metrics.turnEnded(outcome, performance.now() - startedAt);
  }
}

async function foldAndCommit(deps: TurnDeps, tenant: TenantId): Promise<TurnOutcome> {
  const turn = await deps.tenants.openTurn(tenant, EVENTS_PER_TURN_MAX);
  if (turn.events.length === 0) return 'empty';
  const folded = await fold(deps, tenant, turn.events);
  const commit = commitOf(folded, turn);
  if ((await deps.tenants.commit(tenant, commit)) === 'stale') return 'stale';
  count(deps.metrics, folded);
  for (const { event, reasons } of folded.decisions) logDecision(deps.log, event, reasons);
  await deps.announcements.announce('changes', { tenant, buildsets: folded.touched });
  return 'committed';
}

async function fold(
  deps: TurnDeps,
  tenant: TenantId,
  stored: readonly StoredEvent[],
): Promise<Folded> {
  let before: EngineState = { changes: {}, items: {} };
  let after = before;
  const effects: StepResult['effects'][number][] = [];
  const decisions: Folded['decisions'][number][] = [];
  for (const one of stored) {
    const readable = await readOrReport(deps, one, (event) =>
      loadFor({ store: deps.tenants, tenant }, event, { before, after }),
    );
    if (readable === null) continue;
    const { event, loaded } = readable;
    before = loaded.before;
    const result = stepOrWedge(deps.log, loaded.after, event);
    after = result.state;
    effects.push(...result.effects);
    decisions.push({ event, reasons: result.reasons });
  }
  const touched = Object.keys(after.items).filter((id) => after.items[id] !== before.items[id]);
  return { before, after, effects, decisions, touched };
}

interface Readable {
  readonly event: EngineEvent;
  readonly loaded: LoadedState;
}

/**
 * An event that cannot be read, or that is about a record that cannot be, would block its mailbox
 * for ever; it is reported and left out.
 */
async function readOrReport(
  { log }: TurnDeps,
  stored: StoredEvent,
  load: (event: EngineEvent) => Promise<LoadedState>,
): Promise<Readable | null> {
  try {
    const event = readEvent(stored.body);
    return { event, loaded: await load(event) };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    log.fatal({ event: stored.id, err: error }, 'an event or what it is about cannot be read');
    return null;
  }
}

/** True for what was stored in a form that this version does not know: it stays unreadable. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof GatehouseError && error.code === 'GATE_STATE_UNREADABLE';
}

/** A broken invariant stops the item it broke in, not the tenant. */
function stepOrWedge(log: Log, state: EngineState, event: EngineEvent): StepResult {
  try {
    return step(state, event);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    log.fatal({ event: event.id, event_type: event.type, err: error }, 'an invariant broke');
    return wedge(state, event, message);
  }
}

function logDecision(log: Log, event: EngineEvent, reasons: readonly Reason[]): void {
  const buildset = event.type === 'ChangeObserved' ? null : event.buildset;
  log.info({ event: event.id, event_type: event.type, buildset, reasons }, 'event decided');
}
