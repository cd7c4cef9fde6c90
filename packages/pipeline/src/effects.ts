/**
 * Effects: what the engine wants done, as data in the imperative. Each has a key that is the same
 * whenever the same step is taken again; the shell makes doing it twice harmless.
 */
import {
  type BuildId,
  type BuildsetId,
  type EffectKey,
  effectKey,
  type TenantId,
} from '@gatehouse/model';
import type { BuildTimedOut } from './events.ts';
import type { Build, Item } from './state.ts';

interface EffectBase {
  readonly key: EffectKey;
  readonly tenant: TenantId;
  readonly buildset: BuildsetId;
}

interface BuildEffect extends EffectBase {
  readonly build: BuildId;
  readonly attempt: number;
}

/** Build the speculative state and freeze the jobs; answered by `ItemPrepared`. */
export interface PrepareItem extends EffectBase {
  readonly kind: 'PrepareItem';
}
/** Remove the branch that was made for the item's state. */
export interface ReleaseState extends EffectBase {
  readonly kind: 'ReleaseState';
}
/** Start one attempt; answered by `BuildStarted` and `BuildCompleted`. */
export interface LaunchBuild extends BuildEffect {
  readonly kind: 'LaunchBuild';
}
/** Stop an attempt; nothing answers, its build is over already. */
export interface CancelBuild extends BuildEffect {
  readonly kind: 'CancelBuild';
}
/** Show the item as it is now. */
export interface ReportItem extends EffectBase {
  readonly kind: 'ReportItem';
}
/** Post `event` at `dueAt` (milliseconds since 1970). */
export interface SetTimer extends EffectBase {
  readonly kind: 'SetTimer';
  readonly dueAt: number;
  readonly event: BuildTimedOut;
}

/** Everything the engine can want. */
export type Effect = PrepareItem | ReleaseState | LaunchBuild | CancelBuild | ReportItem | SetTimer;

/** Wants the state of a new item built. */
export function prepareItem(item: Item): PrepareItem {
  return { kind: 'PrepareItem', key: keyOf(item, 'prepare'), ...subject(item) };
}

/** Wants the item's own branch removed. */
export function releaseState(item: Item): ReleaseState {
  return { kind: 'ReleaseState', key: keyOf(item, 'release'), ...subject(item) };
}

/** Wants the item shown; the key carries the revision, so that each one is shown at least once. */
export function reportItem(item: Item): ReportItem {
  return { kind: 'ReportItem', key: keyOf(item, `report/${item.revision}`), ...subject(item) };
}

/** Wants the build's current attempt started. */
export function launchBuild(item: Item, build: Build): LaunchBuild {
  return { kind: 'LaunchBuild', ...buildSubject(item, build, 'launch') };
}

/** Wants the build's current attempt stopped. */
export function cancelBuild(item: Item, build: Build): CancelBuild {
  return { kind: 'CancelBuild', ...buildSubject(item, build, 'cancel') };
}

/** Wants to hear when the build's time is up. */
export function setTimeoutTimer(item: Item, build: Build, event: BuildTimedOut): SetTimer {
  const { build: _build, attempt: _attempt, ...base } = buildSubject(item, build, 'timeout');
  return { kind: 'SetTimer', ...base, dueAt: event.at, event };
}

/** The key of the timer that {@link setTimeoutTimer} sets. */
export function timeoutTimerKey(buildset: BuildsetId, build: BuildId, attempt: number): EffectKey {
  return effectKey(`${buildset}/timeout/${build}/${attempt}`);
}

function subject(item: Item): { tenant: TenantId; buildset: BuildsetId } {
  return { tenant: item.tenant, buildset: item.buildset };
}

function buildSubject(item: Item, build: Build, word: string): BuildEffect {
  const key = keyOf(item, `${word}/${build.id}/${build.attempt}`);
  return { key, ...subject(item), build: build.id, attempt: build.attempt };
}

function keyOf(item: Item, rest: string): EffectKey {
  return effectKey(`${item.buildset}/${rest}`);
}
