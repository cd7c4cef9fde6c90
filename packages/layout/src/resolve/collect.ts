/**
 * The definitions that make up a job on a branch: its parents' variants first, its own last, each
 * in definition order, each at most once.
 */
import type { JobDefinition, Layout } from '../definitions.ts';
import type { SourcePlace } from '../layout.ts';
import { inheritanceDepthMax } from '../limits.ts';
import type { ProblemText } from '../problems.ts';
import { wording } from '../wording/wording.ts';
import { unresolved } from './check.ts';
import { jobNames, resolveJob } from './names.ts';
import { holdsFor, matchesBranch, type Subject, undecidedBy } from './stanzas.ts';
import { impliedUndecidedBy } from './undecidable.ts';

/** The variants that apply; or that none does; or what stands in the way. */
export type Collected =
  | { readonly kind: 'found'; readonly variants: readonly JobDefinition[] }
  | { readonly kind: 'no-variant'; readonly job: string }
  | { readonly kind: 'error'; readonly text: ProblemText; readonly place: SourcePlace | null };

/** A job and the place of the name that stands for it. */
export interface Wanted {
  readonly name: string;
  readonly place: SourcePlace;
}

/** Name of the job that others inherit from when they name no parent. */
const defaultParent = 'base';

/** Finds the variants of `wanted` and of all its parents for `subject`. */
export function collectVariants(layout: Layout, wanted: Wanted, subject: Subject): Collected {
  const collector: Collector = { layout, subject, variants: [], done: new Set() };
  const obstacle = collect(collector, { ...wanted, stack: [] });
  return obstacle ?? { kind: 'found', variants: collector.variants };
}

interface Collector {
  readonly layout: Layout;
  readonly subject: Subject;
  readonly variants: JobDefinition[];
  readonly done: Set<readonly JobDefinition[]>;
}

interface Step extends Wanted {
  readonly stack: readonly string[];
}

function collect(collector: Collector, step: Step): Exclude<Collected, { kind: 'found' }> | null {
  const { layout, subject, variants, done } = collector;
  const use = { name: step.name, writtenIn: step.place.repository, usedFor: subject.repository };
  const found = resolveJob(layout, use);
  if (found.kind !== 'found') {
    const text = unresolved('job', step.name, { found, known: () => jobNames(layout) });
    return text === null ? null : { kind: 'error', text, place: step.place };
  }
  if (done.has(found.definitions)) return null;
  const stack = [...step.stack, step.name];
  if (step.stack.includes(step.name) || stack.length > inheritanceDepthMax) {
    return { kind: 'error', text: wording.inheritanceLoop(stack), place: step.place };
  }
  let isMatched = false;
  for (const job of found.definitions) {
    const undecided = whyUndecided(job, subject);
    if (undecided !== null) {
      const text = wording.needsLookAround(undecided, `job \`${job.name}\``);
      return { kind: 'error', text, place: job.place };
    }
    if (!applies(job, subject)) continue;
    const isFirst = !isMatched;
    isMatched = true;
    const parent = job.parent ?? (isFirst ? impliedParent(job) : null);
    if (parent !== null) {
      const obstacle = collect(collector, { name: parent, place: job.place, stack });
      if (obstacle !== null) return obstacle;
    }
    variants.push(job);
  }
  done.add(found.definitions);
  return isMatched ? null : { kind: 'no-variant', job: step.name };
}

/** `base` itself inherits from nothing, whether it says so or not. */
function impliedParent({ name, isBase }: JobDefinition): string | null {
  return isBase || name === defaultParent ? null : defaultParent;
}

/** The expression without which it cannot be said whether a variant applies; null: it can. */
function whyUndecided(job: JobDefinition, subject: Subject): string | null {
  if (job.branches === null) return impliedUndecidedBy(job.impliedBranches, subject);
  return undecidedBy(job.branches, subject)?.source ?? null;
}

/** True when a definition holds for the subject's branch. */
export function applies(job: JobDefinition, subject: Subject): boolean {
  if (job.branches !== null) return matchesBranch(job.branches, subject);
  return holdsFor(job.impliedBranches, subject.branch);
}
