/**
 * Whether an event triggers a pipeline. Values inside one attribute are alternatives, attributes
 * must all hold, filters are alternatives again. Anchoring per attribute is Zuul's: branches and
 * refs at the start, checks and statuses whole, comments and senders anywhere.
 */
import {
  matchesAnywhere,
  matchesAtStart,
  matchesWhole,
  type Pattern,
  type TriggerFilter,
} from '@gatehouse/layout';
import { type Change, permits, type Reason } from '@gatehouse/model';
import type { ChangeObserved } from './events.ts';

/** The first filter that matches; null with the closest miss of each filter as reasons. */
export interface TriggerMatch {
  readonly filter: TriggerFilter | null;
  readonly reasons: readonly Reason[];
}

/** Tries the filters of a pipeline in order. */
export function matchTriggers(
  pipeline: string,
  filters: readonly TriggerFilter[],
  event: ChangeObserved,
): TriggerMatch {
  const reasons: Reason[] = [];
  for (const filter of filters) {
    const miss = firstMiss(pipeline, filter, event);
    if (miss === null) return { filter, reasons: [] };
    if (miss.code !== 'trigger-event-differs') reasons.push(miss);
  }
  return { filter: null, reasons };
}

function firstMiss(pipeline: string, filter: TriggerFilter, event: ChangeObserved): Reason | null {
  const { trigger, actor } = event;
  if (filter.event !== trigger.event) {
    return { code: 'trigger-event-differs', subject: pipeline, seen: trigger.event };
  }
  if (!isAmong(filter.actions, trigger.action)) {
    return differs(pipeline, {
      attribute: 'action',
      seen: trigger.action,
      expected: filter.actions,
    });
  }
  const checks: readonly [string, readonly Pattern[], string | null, Matcher][] = [
    ['branch', filter.branches, branchOf(event.change), matchesAtStart],
    ['comment', filter.comments, trigger.comment, matchesAnywhere],
    ['ref', filter.refs, trigger.ref, matchesAtStart],
    ['check', filter.checks, trigger.check, matchesWhole],
    ['status', filter.statuses, trigger.status, matchesWhole],
    ['sender', filter.senders, actor.login, matchesAnywhere],
  ];
  for (const [attribute, patterns, seen, matches] of checks) {
    if (!anyMatches(patterns, seen, matches)) {
      return differs(pipeline, { attribute, seen, expected: patterns.map((one) => one.source) });
    }
  }
  if (!isAmong(filter.labels, trigger.label)) {
    return differs(pipeline, { attribute: 'label', seen: trigger.label, expected: filter.labels });
  }
  if (!isAmong(filter.states, trigger.reviewState)) {
    return differs(pipeline, {
      attribute: 'state',
      seen: trigger.reviewState,
      expected: filter.states,
    });
  }
  if (filter.permission !== null && !permits(actor.permission, filter.permission)) {
    return differs(pipeline, {
      attribute: 'permission',
      seen: actor.permission,
      expected: [filter.permission],
    });
  }
  if (filter.event === 'check_suite' && !isShownHere(pipeline, event)) {
    return { code: 'trigger-suite-lacks-run', subject: pipeline };
  }
  return null;
}

/** "Re-run all checks" re-runs what the suite shows, nothing else. */
function isShownHere(pipeline: string, event: ChangeObserved): boolean {
  return event.shownPipelines === null || event.shownPipelines.includes(pipeline);
}

type Matcher = (pattern: Pattern, text: string) => boolean;

function anyMatches(patterns: readonly Pattern[], text: string | null, matches: Matcher): boolean {
  if (patterns.length === 0) return true;
  return text !== null && patterns.some((pattern) => matches(pattern, text));
}

function isAmong(allowed: readonly string[], seen: string | null): boolean {
  return allowed.length === 0 || (seen !== null && allowed.includes(seen));
}

interface Difference {
  readonly attribute: string;
  readonly seen: string | null;
  readonly expected: readonly string[];
}

function differs(pipeline: string, { attribute, seen, expected }: Difference): Reason {
  return { code: `trigger-${attribute}-differs`, subject: pipeline, seen, expected };
}

function branchOf(change: Change): string | null {
  return change.kind === 'proposed' ? change.baseRef : null;
}
