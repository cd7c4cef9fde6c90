/** A job as its definitions and its uses in a project make it, before it is decided whether it runs. */
import type { Execution, Reason } from '@gatehouse/model';
import type { JobVariant, Layout } from '../definitions.ts';
import type { SourcePlace } from '../layout.ts';
import type { ProblemText } from '../problems.ts';
import { wording } from '../wording/wording.ts';
import { collectVariants } from './collect.ts';
import { type CombinedJob, combine } from './inherit.ts';
import { matchesBranch, type Subject, undecidedBy } from './stanzas.ts';

/** A job that may run, before its dependencies are looked at. */
export interface Candidate {
  readonly job: CombinedJob;
  readonly place: SourcePlace;
  /** Null: it runs. Otherwise why its file filters leave it out. */
  readonly leftOut: Reason | null;
  /** True: its file filters would leave it out, but the change alters the job itself. */
  readonly isWanted: boolean;
}

/** Why a job is no candidate. */
export type NoCandidate =
  | { readonly kind: 'left-out'; readonly reason: Reason }
  | { readonly kind: 'error'; readonly text: ProblemText; readonly place: SourcePlace | null };

/** A job with the place of its name, or why there is none. */
export type CombinedFor =
  | { readonly kind: 'ok'; readonly job: CombinedJob; readonly place: SourcePlace }
  | NoCandidate;

/** A job as its definitions and its uses in a project make it. */
export function combineFor(
  layout: Layout,
  { name, uses }: { readonly name: string; readonly uses: readonly JobVariant[] },
  subject: Subject,
): CombinedFor {
  // The owner's own use of a name decides what it means, before a repository's.
  const named = uses.find((use) => isOwnersUse(layout, use)) ?? uses[0];
  const { repository, branch } = subject;
  const place = named?.place ?? { repository, branch, path: '', line: 1 };
  const collected = collectVariants(layout, { name, place }, subject);
  if (collected.kind === 'error') return collected;
  if (collected.kind === 'no-variant') {
    return leftOutByBranch(name, subject, collected.job);
  }
  const unusable = uses.flatMap(({ branches }) => undecidedBy(branches ?? [], subject) ?? [])[0];
  if (unusable !== undefined) {
    return {
      kind: 'error',
      text: wording.needsLookAround(unusable.source, `job \`${name}\``),
      place,
    };
  }
  const matching = uses.filter(
    (use) => use.branches === null || matchesBranch(use.branches, subject),
  );
  if (uses.length > 0 && matching.length === 0) return leftOutByBranch(name, subject, name);
  const combined = combine(collected.variants, matching);
  if (combined === null) return leftOutByBranch(name, subject, name);
  if (combined.kind === 'error') return combined;
  return { kind: 'ok', job: combined.job, place };
}

function leftOutByBranch(name: string, { branch, ref }: Subject, unmatched: string): CombinedFor {
  const reason = { code: 'job-branch-not-matched', subject: name, seen: branch ?? ref };
  return {
    kind: 'left-out',
    reason: unmatched === name ? reason : { ...reason, expected: unmatched },
  };
}

/** True for a use that is written in the owner's configuration repository. */
export function isOwnersUse(layout: Layout, use: JobVariant): boolean {
  return use.place.repository === layout.ownerRepository;
}

/** How a job runs; null: it says nowhere. */
export function executionOf(job: CombinedJob): Execution | null {
  if (job.isNoop) return { kind: 'noop' };
  if (job.http !== null) return { kind: 'http', ...job.http };
  if (job.workflow !== null) return { kind: 'workflow', ...job.workflow };
  if (job.run === null || job.run.length === 0) return null;
  return { kind: 'command', preRun: job.preRun, run: job.run, postRun: job.postRun };
}
