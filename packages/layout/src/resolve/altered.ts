import type { Execution } from '@gatehouse/model';
import type { Layout } from '../definitions.ts';
import { combineFor, executionOf } from './candidate.ts';
import type { CombinedJob } from './inherit.ts';
import { type FreezeRequest, subjectOf } from './request.ts';
import { isSameJson } from './same-json.ts';
import { type SettledList, settle } from './settle.ts';
import type { Subject } from './stanzas.ts';

/** The layout without a change's own configuration, and what it lists for the change. */
export interface Before {
  readonly layout: Layout;
  readonly settled: SettledList | null;
  readonly subject: Subject;
}

/** What to compare the jobs of a change with; null: nothing. */
export function beforeChange(request: FreezeRequest): Before | null {
  const { base, pipeline } = request;
  if (base === null) return null;
  const subject = subjectOf(request);
  return { layout: base, settled: settle(base, subject, pipeline), subject };
}

/**
 * True when a change adds a job or alters how one is executed: without the change, the same name
 * does not lead to the same execution for this repository and branch.
 */
export function isAltered(before: Before | null, name: string, execution: Execution): boolean {
  if (before === null) return false;
  const { layout, settled, subject } = before;
  const job = settled?.jobs.get(name)?.combined ?? combineFor(layout, { name, uses: [] }, subject);
  if (job.kind !== 'ok') return true;
  return !isSameJson(executionOf(job.job), execution);
}

/**
 * True when a change adds the job to the pipeline, or alters anything about it there: how it runs,
 * when, with which variables. Where it stands in the text does not count.
 */
export function isConfigurationAltered(before: Before | null, job: CombinedJob): boolean {
  if (before === null) return false;
  const earlier = before.settled?.jobs.get(job.name)?.combined;
  if (earlier?.kind !== 'ok') return true;
  return !isSameJson(withoutPlaces(earlier.job), withoutPlaces(job));
}

function withoutPlaces({ place, dependencies, secrets, ...rest }: CombinedJob): object {
  return {
    ...rest,
    dependencies: dependencies.map(({ name, isSoft }) => ({ name, isSoft })),
    secrets: secrets.map(({ name, secret }) => ({ name, secret })),
  };
}
