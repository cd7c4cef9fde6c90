/** All actions together, each in its turn. */
import type { Core } from '../core.ts';
import { rootOf } from '../http/authorize.ts';
import { findRepo } from '../state/find.ts';
import { accountActions } from './accounts.ts';
import { ACTION_KEYS } from './names.ts';
import { observeActions } from './observe.ts';
import { pullRequestActions } from './pull-requests.ts';
import { repositoryActions } from './repositories.ts';
import type { SimActions } from './types.ts';

/** Looking takes no turn; `settled` would wait for itself. */
const FREE = new Set<string>([
  'overview',
  'workflowRuns',
  'pullRequest',
  'readFile',
  'refs',
  'deliveries',
  'requests',
  'violations',
  'faults',
  'settled',
]);

/** The person side of a simulator. */
export function createActions(core: Core): SimActions {
  const all: SimActions = {
    ...accountActions(core),
    ...repositoryActions(core),
    ...pullRequestActions(core),
    ...observeActions(core),
  };
  const entries = Object.keys(ACTION_KEYS).map((name) => {
    // The table's keys are the actions' names by its type.
    const action = all[name as keyof SimActions] as (input: unknown) => Promise<unknown>;
    const inTurn = (input?: unknown) => core.locks.run(keyOf(core, input), () => action(input));
    return [name, FREE.has(name) ? action : inTurn];
  });
  // Each function was wrapped without a change of its input and result.
  return Object.fromEntries(entries) as SimActions;
}

function keyOf(core: Core, input: unknown): string {
  if (typeof input !== 'object' || input === null || !('repository' in input)) return 'accounts';
  const repo = findRepo(core.state, String(input.repository));
  return repo === undefined ? 'accounts' : rootOf(core, repo);
}
