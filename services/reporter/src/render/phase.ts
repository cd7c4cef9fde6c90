/** Which reporters of a pipeline speak for an item, and what they set a run to. */
import type { PhaseReport, PipelineDefinition } from '@gatehouse/layout';
import { assertNever } from '@gatehouse/model';
import type { Outcome } from '@gatehouse/pipeline';
import type { CheckConclusion } from '@gatehouse/ports';

/** The report of an ending; phases without one fall back to `failure` where Zuul does. */
export function endReport(pipeline: PipelineDefinition, outcome: Outcome): PhaseReport | null {
  const { reports } = pipeline;
  switch (outcome) {
    case 'success':
      return reports.success ?? null;
    case 'failure':
    case 'timed-out':
    case 'internal-error':
      return reports.failure ?? null;
    case 'conflict':
      return reports['merge-conflict'] ?? reports.failure ?? null;
    case 'misconfigured':
      return reports['config-error'] ?? reports.failure ?? null;
    case 'cancelled':
      return reports.dequeue ?? null;
    case 'skipped':
      return reports['no-jobs'] ?? null;
    case 'action-required':
      return null;
    default:
      return assertNever(outcome);
  }
}

/** True when any phase shows a check run: then every run gets one, from enqueue to its end. */
export function showsCheckRun(pipeline: PipelineDefinition): boolean {
  return Object.values(pipeline.reports).some((report) => report.check !== null);
}

/**
 * The conclusion of a run: what the pipeline's reporter says, made truthful where it would hide
 * that a job ran out of time, and never missing.
 */
export function conclusionOf(pipeline: PipelineDefinition, outcome: Outcome): CheckConclusion {
  if (outcome === 'action-required') return 'action_required';
  const configured = endReport(pipeline, outcome)?.check ?? null;
  if (outcome === 'timed-out' && (configured === null || configured === 'failure')) {
    return 'timed_out';
  }
  return configured === null || configured === 'in_progress'
    ? defaultConclusion(outcome)
    : configured;
}

function defaultConclusion(outcome: Outcome): CheckConclusion {
  switch (outcome) {
    case 'success':
      return 'success';
    case 'cancelled':
      return 'cancelled';
    case 'skipped':
      return 'skipped';
    case 'timed-out':
      return 'timed_out';
    case 'action-required':
      return 'action_required';
    case 'failure':
    case 'conflict':
    case 'misconfigured':
    case 'internal-error':
      return 'failure';
    default:
      return assertNever(outcome);
  }
}
