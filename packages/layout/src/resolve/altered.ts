import type { Execution } from '@gatehouse/model';
import { combineFor, executionOf } from './candidate.ts';
import type { FreezeRequest } from './request.ts';
import { jobListOf } from './stanzas.ts';

/**
 * True when a change adds a job or alters how one is executed: without the change, the same name
 * does not lead to the same execution for this repository and branch.
 */
export function isAltered(request: FreezeRequest, name: string, execution: Execution): boolean {
  const { base, repository, branch, pipeline } = request;
  if (base === null) return false;
  const list = jobListOf(base, { repository, branch }, pipeline);
  const uses = list?.jobs.get(name) ?? [];
  const before = combineFor(base, { name, uses }, { repository, branch });
  if (before.kind !== 'ok') return true;
  return JSON.stringify(executionOf(before.job)) !== JSON.stringify(execution);
}
