/**
 * The jobs of a repository in a pipeline before a change is looked at. They depend on the layout
 * and the branch alone, so that the changes that come while a layout stands share them.
 */
import type { Layout } from '../definitions.ts';
import { settledListsMax } from '../limits.ts';
import { isUsable } from '../patterns.ts';
import { type CombinedFor, combineFor } from './candidate.ts';
import { mergeDeeply } from './merge-deeply.ts';
import { type JobList, jobListOf, type Subject } from './stanzas.ts';

/** A job as it would run, with the variables of its project. */
export interface SettledJob {
  readonly combined: CombinedFor;
  /** A file filter that the engine cannot run; null: there is none. */
  readonly unusable: string | null;
}

/** What a project lists for a pipeline, each job settled; in report order. */
export interface SettledList {
  readonly list: JobList;
  readonly jobs: ReadonlyMap<string, SettledJob>;
}

// A pure function of its arguments; the map only spares working it out again, and goes with the
// layout. What was asked for longest ago is forgotten first.
const known = new WeakMap<Layout, Map<string, SettledList | null>>();

/** Settles the jobs of `pipeline`; null: the project takes no part in it. */
export function settle(layout: Layout, subject: Subject, pipeline: string): SettledList | null {
  const lists = known.get(layout) ?? new Map<string, SettledList | null>();
  known.set(layout, lists);
  const { repository, branch, ref } = subject;
  const key = JSON.stringify([repository, branch, ref, pipeline]);
  const earlier = lists.get(key);
  const settled = earlier === undefined ? settleList(layout, subject, pipeline) : earlier;
  lists.delete(key);
  lists.set(key, settled);
  const [oldest] = lists.keys();
  if (lists.size > settledListsMax && oldest !== undefined) lists.delete(oldest);
  return settled;
}

function settleList(layout: Layout, subject: Subject, pipeline: string): SettledList | null {
  const list = jobListOf(layout, subject, pipeline);
  if (list === null) return null;
  const jobs = new Map<string, SettledJob>();
  for (const [name, uses] of list.jobs) {
    const combined = combineFor(layout, { name, uses }, subject);
    jobs.set(
      name,
      combined.kind === 'ok' ? settleJob(list, combined) : { combined, unusable: null },
    );
  }
  return { list, jobs };
}

function settleJob(list: JobList, combined: CombinedFor & { kind: 'ok' }): SettledJob {
  const { job } = combined;
  const unusable = [...job.files, ...job.irrelevantFiles].find((pattern) => !isUsable(pattern));
  const vars = mergeDeeply(list.vars, job.vars);
  return {
    combined: { ...combined, job: { ...job, vars } },
    unusable: unusable?.source ?? null,
  };
}
