/**
 * `require` and `reject`: conditions on the change as it stands. Every unmet condition becomes a
 * reason, so that a person sees all of them at once. A ref never meets a condition that only a
 * proposed change can have.
 */
import {
  isUsable,
  matchesAnywhere,
  matchesWhole,
  type Pattern,
  type Requirement,
  type ReviewRequirement,
} from '@gatehouse/layout';
import { type ProposedChange, permits, type Reason, type Trust } from '@gatehouse/model';
import type { ChangeObserved, ReviewFact } from './events.ts';

/** What there is to complain about; empty when the change may enter. */
export function unmetRequirements(
  conditions: Conditions,
  event: ChangeObserved,
  trust: Trust,
): readonly Reason[] {
  const facts: Facts = { pipeline: conditions.name, event, trust };
  return [
    // What is not known can neither be met nor be ruled out.
    ...unknownFacts(conditions, event),
    ...(conditions.require === null ? [] : missing(conditions.require, facts)),
    ...(conditions.reject === null ? [] : forbidden(conditions.reject, facts)),
  ];
}

/**
 * True for a reason that is no verdict: it depends on an expression that cannot be run here whether
 * the condition holds.
 */
export function isUndecided({ code }: Reason): boolean {
  return code === 'pattern-cannot-run';
}

/** Conditions of a pipeline or of one of its triggers. */
export interface Conditions {
  /** The pipeline's name. */
  readonly name: string;
  readonly require: Requirement | null;
  readonly reject: Requirement | null;
}

/** What is asked for and was not read. */
function unknownFacts({ name, require, reject }: Conditions, event: ChangeObserved): Reason[] {
  const asks = (wanted: (requirement: Requirement | null) => boolean): boolean =>
    event.change.kind === 'proposed' && (wanted(require) || wanted(reject));
  return [
    ...(event.reviews === null && asks(asksForReviews)
      ? [{ code: 'reviews-not-read', subject: name }]
      : []),
    ...(event.statuses === null && asks(asksForStatuses)
      ? [{ code: 'statuses-not-read', subject: name }]
      : []),
  ];
}

interface Facts {
  readonly pipeline: string;
  readonly event: ChangeObserved;
  readonly trust: Trust;
}

/** True when `require` or `reject` looks at reviews: the shell then has to fetch them. */
export function asksForReviews(requirement: Requirement | null): boolean {
  return requirement !== null && requirement.reviews.length > 0;
}

/** True when `require` or `reject` looks at statuses: the shell then has to fetch them. */
export function asksForStatuses(requirement: Requirement | null): boolean {
  return requirement !== null && requirement.statuses.length > 0;
}

function missing(require: Requirement, { pipeline, event, trust }: Facts): Reason[] {
  const reasons: Reason[] = flags(require, event, trust)
    .filter(([, expected, seen]) => expected !== null && expected !== seen)
    .map(([name, expected, seen]) => ({
      code: `requires-${name}`,
      subject: pipeline,
      seen,
      expected,
    }));
  const labels = labelsOf(event);
  for (const label of require.labels) {
    if (labels.includes(label)) continue;
    reasons.push({ code: 'requires-label', subject: pipeline, seen: labels, expected: label });
  }
  if (event.statuses !== null && require.statuses.length > 0 && !anyStatus(require, event)) {
    const wanted = require.statuses.map((pattern) => pattern.source);
    reasons.push(
      undecidedStatus(require, { pipeline, event, trust }) ?? {
        code: 'requires-status',
        subject: pipeline,
        seen: event.statuses,
        expected: wanted,
      },
    );
  }
  for (const wanted of require.reviews) {
    if (event.reviews === null) break;
    if (event.reviews.some((review) => isReviewLike(review, wanted, event.at))) continue;
    const unmet = { code: 'requires-review', subject: pipeline, seen: null };
    reasons.push(
      undecidedReview(wanted, { pipeline, event, trust }) ?? {
        ...unmet,
        expected: describeReview(wanted),
      },
    );
  }
  return reasons;
}

/** The reason why it cannot be said whether some status matches; null: it can. */
function undecidedStatus({ statuses }: Requirement, { pipeline, event }: Facts): Reason | null {
  const unusable = statuses.filter((pattern) => !isUsable(pattern));
  if (unusable.length === 0 || (event.statuses ?? []).length === 0) return null;
  return cannotRun(pipeline, 'status', unusable);
}

/** The reason why it cannot be said whether some review is the one meant; null: it can. */
function undecidedReview(wanted: ReviewRequirement, { pipeline, event }: Facts): Reason | null {
  const unusable = [wanted.username, wanted.email].filter(
    (pattern) => pattern !== null && !isUsable(pattern),
  );
  const rest = { ...wanted, username: runnable(wanted.username), email: runnable(wanted.email) };
  const isLeft = (event.reviews ?? []).some((review) => isReviewLike(review, rest, event.at));
  const patterns = unusable.filter((pattern) => pattern !== null);
  return patterns.length > 0 && isLeft ? cannotRun(pipeline, 'review', patterns) : null;
}

function runnable(pattern: Pattern | null): Pattern | null {
  return pattern !== null && isUsable(pattern) ? pattern : null;
}

function cannotRun(pipeline: string, attribute: string, patterns: readonly Pattern[]): Reason {
  const seen = patterns.map(({ source }) => source);
  return { code: 'pattern-cannot-run', subject: pipeline, seen, expected: attribute };
}

function forbidden(reject: Requirement, { pipeline, event, trust }: Facts): Reason[] {
  const reasons: Reason[] = flags(reject, event, trust)
    .filter(([, refused, seen]) => refused !== null && (seen === null || refused === seen))
    .map(([name, , seen]) => rejected(pipeline, name, seen));
  const labels = labelsOf(event);
  for (const label of reject.labels) {
    if (labels.includes(label)) reasons.push(rejected(pipeline, 'label', label));
  }
  const facts = { pipeline, event, trust };
  const isRefusedStatus = reject.statuses.length > 0 && anyStatus(reject, event);
  const status = isRefusedStatus
    ? rejected(pipeline, 'status', event.statuses ?? [])
    : undecidedStatus(reject, facts);
  if (status !== null) reasons.push(status);
  for (const refused of reject.reviews) {
    const found = (event.reviews ?? []).find((one) => isReviewLike(one, refused, event.at));
    const review =
      found === undefined
        ? undecidedReview(refused, facts)
        : rejected(pipeline, 'review', `${found.type} by ${found.login}`);
    if (review !== null) reasons.push(review);
  }
  return reasons;
}

type Flag = readonly [name: string, wanted: boolean | null, seen: boolean | null];

function flags(requirement: Requirement, event: ChangeObserved, trust: Trust): readonly Flag[] {
  const change: ProposedChange | null = event.change.kind === 'proposed' ? event.change : null;
  return [
    ['open', requirement.isOpen, change?.isOpen ?? null],
    ['merged', requirement.isMerged, change?.isMerged ?? null],
    ['draft', requirement.isDraft, change?.isDraft ?? null],
    // The snapshot is read when the event is worked on, so its head is the current one.
    ['current-patchset', requirement.isCurrentHead, change === null ? null : true],
    ['trusted-author', requirement.hasTrustedAuthor, trust.isTrusted],
  ];
}

function anyStatus(requirement: Requirement, event: ChangeObserved): boolean {
  return requirement.statuses.some((pattern) =>
    (event.statuses ?? []).some((status) => matchesWhole(pattern, status)),
  );
}

function isReviewLike(review: ReviewFact, wanted: ReviewRequirement, now: number): boolean {
  if (wanted.type !== null && wanted.type !== review.type) return false;
  if (wanted.permission !== null && !permits(review.permission, wanted.permission)) return false;
  if (wanted.username !== null && !matchesAnywhere(wanted.username, review.login)) return false;
  if (wanted.email !== null && !matchesAnywhere(wanted.email, review.email ?? '')) return false;
  const ageMs = now - review.at;
  if (wanted.newerThanMs !== null && ageMs > wanted.newerThanMs) return false;
  return wanted.olderThanMs === null || ageMs >= wanted.olderThanMs;
}

function describeReview(wanted: ReviewRequirement): string {
  const by = wanted.permission === null ? '' : ` by somebody with ${wanted.permission} access`;
  return `${wanted.type ?? 'any'} review${by}`;
}

function labelsOf(event: ChangeObserved): readonly string[] {
  return event.change.kind === 'proposed' ? event.change.labels : [];
}

type Seen = NonNullable<Reason['seen']> | null;

function rejected(pipeline: string, name: string, seen: Seen): Reason {
  return { code: `rejects-${name}`, subject: pipeline, seen };
}
