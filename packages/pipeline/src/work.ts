/** A step in progress: the state so far, and what came out of it. Passed along, never mutated. */
import type { Reason } from '@gatehouse/model';
import type { Effect } from './effects.ts';
import { type EngineState, type Item, withItem } from './state.ts';

/** What a step gives: the new records, what is wanted, and why. */
export interface StepResult {
  readonly state: EngineState;
  readonly effects: readonly Effect[];
  readonly reasons: readonly Reason[];
}

/** A step under way. */
export interface Work extends StepResult {
  /** When the event happened, in milliseconds since 1970: the only time the step knows. */
  readonly at: number;
}

/** A step that has done nothing yet. */
export function begin(state: EngineState, at: number): Work {
  return { state, effects: [], reasons: [], at };
}

/** Adds reasons. */
export function explain(work: Work, ...reasons: readonly Reason[]): Work {
  return reasons.length === 0 ? work : { ...work, reasons: [...work.reasons, ...reasons] };
}

/** Adds effects. */
export function want(work: Work, ...effects: readonly Effect[]): Work {
  return effects.length === 0 ? work : { ...work, effects: [...work.effects, ...effects] };
}

/** Stores a changed item under its next revision. */
export function storeItem(work: Work, item: Item): Work {
  const next = { ...item, revision: item.revision + 1 };
  return { ...work, state: withItem(work.state, next) };
}
