/**
 * Whether an event triggers a pipeline. Values inside one attribute are alternatives, attributes
 * must all hold, filters are alternatives again. Anchoring per attribute is Zuul's: branches and
 * refs at the start, checks and statuses whole, comments and senders anywhere. A filter that nothing
 * speaks against but an expression that cannot be run here is neither matched nor missed: that is
 * told apart, so that a pipeline never stays silent where it was perhaps meant.
 */
import {
  isUsable,
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
  /** Why it cannot be said of some filter whether it matches; empty when one does. */
  readonly undecided: readonly Reason[];
}

/** Tries the filters of a pipeline in order. */
export function matchTriggers(
  pipeline: string,
  filters: readonly TriggerFilter[],
  event: ChangeObserved,
): TriggerMatch {
  const reasons: Reason[] = [];
  const undecided: Reason[] = [];
  for (const filter of filters) {
    const miss = firstMiss(pipeline, filter, event);
    const unknown = miss === null ? undecidedIn(pipeline, filter, event) : [];
    if (miss === null && unknown.length === 0) return { filter, reasons: [], undecided: [] };
    undecided.push(...unknown);
    if (miss !== null && miss.code !== 'trigger-event-differs') reasons.push(miss);
  }
  return { filter: null, reasons, undecided };
}

/** The attributes of a filter without a miss that only an expression beyond the engine decides. */
function undecidedIn(pipeline: string, filter: TriggerFilter, event: ChangeObserved): Reason[] {
  return checksOf(filter, event)
    .filter((check) => !anyMatches(check))
    .map(({ attribute, patterns }) => ({
      code: 'pattern-cannot-run',
      subject: pipeline,
      seen: patterns.filter((one) => !isUsable(one)).map((one) => one.source),
      expected: attribute,
    }));
}

/** An attribute of a filter that holds patterns, and what the event has for it. */
interface Check {
  readonly attribute: string;
  readonly patterns: readonly Pattern[];
  readonly seen: string | null;
  readonly matches: (pattern: Pattern, text: string) => boolean;
}

function checksOf(filter: TriggerFilter, { trigger, change, actor }: ChangeObserved): Check[] {
  const starts = { matches: matchesAtStart };
  const whole = { matches: matchesWhole };
  const anywhere = { matches: matchesAnywhere };
  return [
    { attribute: 'branch', patterns: filter.branches, seen: branchOf(change), ...starts },
    { attribute: 'comment', patterns: filter.comments, seen: trigger.comment, ...anywhere },
    { attribute: 'ref', patterns: filter.refs, seen: trigger.ref, ...starts },
    { attribute: 'check', patterns: filter.checks, seen: trigger.check, ...whole },
    { attribute: 'status', patterns: filter.statuses, seen: trigger.status, ...whole },
    { attribute: 'sender', patterns: filter.senders, seen: actor.login, ...anywhere },
  ];
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
  for (const check of checksOf(filter, event)) {
    if (mayMatch(check)) continue;
    const { attribute, seen, patterns } = check;
    return differs(pipeline, { attribute, seen, expected: patterns.map((one) => one.source) });
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

function anyMatches({ patterns, seen, matches }: Check): boolean {
  if (patterns.length === 0) return true;
  return seen !== null && patterns.some((pattern) => matches(pattern, seen));
}

function mayMatch(check: Check): boolean {
  const { patterns, seen } = check;
  return anyMatches(check) || (seen !== null && patterns.some((pattern) => !isUsable(pattern)));
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
