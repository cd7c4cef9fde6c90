/**
 * Who may ask for what (configuration language, A6), besides what a trigger itself demands.
 */
import type { PipelineDefinition } from '@gatehouse/layout';
import { type Change, type Permission, permits } from '@gatehouse/model';
import type { Actor } from './events.ts';
import { isSamePerson } from './trust.ts';

/** `recheck` and what follows it is a built-in command wherever a trigger takes it. */
const RECHECK = /^\s*recheck\b/i;

/** True when a comment is the built-in command `recheck …`. */
export function isRecheck(comment: string | null): boolean {
  return comment !== null && RECHECK.test(comment);
}

/** Re-running: the author or triage; where the pipeline merges, write. */
export function mayRerun(actor: Actor, change: Change, pipeline: PipelineDefinition): boolean {
  const isMerging = Object.values(pipeline.reports).some((report) => report.isMerging);
  if (isMerging) return permits(actor.permission, 'write');
  return isAuthor(actor, change) || permits(actor.permission, 'triage');
}

/** Taking a run away: the author or write. */
export function mayAbort(actor: Actor, change: Change): boolean {
  return isAuthor(actor, change) || permits(actor.permission, 'write');
}

/** Approving a head: write, never the author, never a bot. */
export function mayApprove(actor: Actor, change: Change): boolean {
  return permits(actor.permission, 'write') && !actor.isBot && !isAuthor(actor, change);
}

/** What somebody lacks, for a reason. */
export function heldBy(actor: Actor): { readonly login: string; readonly permission: Permission } {
  return { login: actor.login, permission: actor.permission };
}

function isAuthor(actor: Actor, change: Change): boolean {
  return change.kind === 'proposed' && isSamePerson(actor.login, change.author);
}
