import type { Reason } from '@gatehouse/model';
import type { Outcome } from '@gatehouse/pipeline';
import { anItem, aPipeline, aReport, shownRuns } from '@gatehouse/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { conclusionOf } from './phase.ts';
import { renderStatus } from './status.ts';

const outcomes: readonly Outcome[] = [
  'success',
  'failure',
  'timed-out',
  'cancelled',
  'skipped',
  'action-required',
  'misconfigured',
  'conflict',
  'internal-error',
];

function over<T>(tell: (outcome: Outcome) => T): Record<string, T> {
  return Object.fromEntries(outcomes.map((outcome) => [outcome, tell(outcome)]));
}

describe('the conclusion of a run', () => {
  it('is the truth where the built-in reports speak', () => {
    const pipeline = aPipeline({ reports: shownRuns });

    expect(over((outcome) => conclusionOf(pipeline, outcome))).toMatchInlineSnapshot(`
      {
        "action-required": "action_required",
        "cancelled": "cancelled",
        "conflict": "failure",
        "failure": "failure",
        "internal-error": "failure",
        "misconfigured": "failure",
        "skipped": "skipped",
        "success": "success",
        "timed-out": "timed_out",
      }
    `);
  });

  it('is never missing, even where only the start is reported', () => {
    const pipeline = aPipeline({ reports: { start: aReport({ check: 'in_progress' }) } });

    expect(over((outcome) => conclusionOf(pipeline, outcome))).toMatchInlineSnapshot(`
      {
        "action-required": "action_required",
        "cancelled": "cancelled",
        "conflict": "failure",
        "failure": "failure",
        "internal-error": "failure",
        "misconfigured": "failure",
        "skipped": "skipped",
        "success": "success",
        "timed-out": "timed_out",
      }
    `);
  });

  it('is what the pipeline says, but for a missing approval', () => {
    const neutral = aReport({ check: 'neutral' });
    const reports = { failure: neutral, dequeue: neutral, 'no-jobs': neutral, success: neutral };

    expect(over((outcome) => conclusionOf(aPipeline({ reports }), outcome))).toMatchInlineSnapshot(`
      {
        "action-required": "action_required",
        "cancelled": "neutral",
        "conflict": "neutral",
        "failure": "neutral",
        "internal-error": "neutral",
        "misconfigured": "neutral",
        "skipped": "neutral",
        "success": "neutral",
        "timed-out": "neutral",
      }
    `);
  });

  it('of a conflict and of broken configuration has reporters of its own', () => {
    const reports = {
      ...shownRuns,
      'merge-conflict': aReport({ check: 'cancelled' }),
      'config-error': aReport({ check: 'action_required' }),
    };

    expect(conclusionOf(aPipeline({ reports }), 'conflict')).toBe('cancelled');
    expect(conclusionOf(aPipeline({ reports }), 'misconfigured')).toBe('action_required');
  });
});

describe('a commit status', () => {
  const reports = {
    start: aReport({ status: 'pending' }),
    success: aReport({ status: 'success' }),
    failure: aReport({ status: 'failure' }),
  };
  const statusOf = (
    outcome: Outcome | null,
    different = reports as object,
    reasons: readonly Reason[] = [],
  ) =>
    renderStatus(
      anItem({
        pipeline: aPipeline({ reports: different }),
        verdict: outcome === null ? null : { outcome, reasons },
      }),
      'https://ci.example',
    );

  it('carries the name of the run, what happened and where to look', () => {
    expect(statusOf(null)).toMatchInlineSnapshot(`
      {
        "context": "gatehouse/check",
        "description": "Queued: preparing the state to test",
        "state": "pending",
        "targetUrl": "https://ci.example/buildsets/bs-1",
      }
    `);
  });

  it('does not stay pending at the end, or says what it waits for', () => {
    const states = over((outcome) => {
      const status = statusOf(outcome);
      return status === null ? null : `${status.state}: ${status.description}`;
    });

    expect(states).toMatchInlineSnapshot(`
      {
        "action-required": "pending: Waiting for approval",
        "cancelled": "failure: Cancelled",
        "conflict": "failure: Merge conflict",
        "failure": "failure: Failed",
        "internal-error": "failure: Internal error",
        "misconfigured": "failure: Configuration error",
        "skipped": "success: Skipped",
        "success": "success: 0 jobs passed",
        "timed-out": "failure: 0 of 0 jobs timed out",
      }
    `);
  });

  it('of a cancelled run is left to the run that takes over on the same commit', () => {
    const cancelledBy = (code: string) =>
      statusOf('cancelled', reports, [{ code, subject: 'check' }])?.state ?? null;

    const codes = ['rerun', 'new-base', 'aborted', 'new-head', 'change-closed', 'superseded'];

    expect(codes.map(cancelledBy)).toEqual([null, null, ...Array(4).fill('failure')]);
  });

  it('is not written where none is configured', () => {
    expect([null, ...outcomes].map((outcome) => statusOf(outcome, shownRuns))).toEqual(
      Array(outcomes.length + 1).fill(null),
    );
  });
});
