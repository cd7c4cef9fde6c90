import type { TriggerFilter } from '../layout.ts';
import { listOf } from '../schema/common.ts';
import {
  actionsOf,
  fits,
  fitsActions,
  reviewStates,
  type TriggerInput,
  triggerSchema,
} from '../schema/trigger.ts';
import { wording } from '../wording/wording.ts';
import { entryOf, type Located, nodeUnder } from '../yaml/located.ts';
import {
  branchPatternsOf,
  type ItemContext,
  pairs,
  patternsOf,
  readMap,
  report,
} from './context.ts';
import { requirementOf } from './requirement.ts';

/** Reads one entry of `trigger.github`; a list of events becomes one filter for each. */
export function readTrigger(context: ItemContext, node: Located): readonly TriggerFilter[] {
  const input = readMap(context, triggerSchema, { node, what: 'a trigger' });
  const eventNode = entryOf(node, 'event');
  if (Array.isArray(input.event) && eventNode !== null) {
    const instead = 'Write one entry for each event.';
    report(context, wording.deprecated('event: [list]', instead), eventNode.key);
  }
  const common = commonOf(context, input, node);
  return listOf(input.event).map((event) => {
    const actions = actionsFor(context, { event, input, node });
    noteMisfits(context, event, node);
    if (event === 'pull_request') noteActionMisfits(context, actions, node);
    return { event, actions, ...common };
  });
}

function commonOf(
  context: ItemContext,
  input: Partial<TriggerInput>,
  node: Located,
): Omit<TriggerFilter, 'event' | 'actions'> {
  const under = (key: string) => nodeUnder(node, key);
  for (const [state, span] of pairs<string>(input.state, under('state'), node.span)) {
    if (reviewStates.some((known) => known === state)) continue;
    report(context, wording.neverMatches('the state', state, reviewStates), span);
  }
  return {
    branches: branchPatternsOf(context, input.branch, under('branch')),
    comments: patternsOf(context, input.comment, under('comment')),
    labels: listOf(input.label),
    states: listOf(input.state),
    checks: patternsOf(context, input.check, under('check')),
    statuses: patternsOf(context, input.status, under('status')),
    refs: branchPatternsOf(context, input.ref, under('ref')),
    senders: patternsOf(context, input.sender, under('sender')),
    permission: input.permission ?? null,
    require:
      input.require === undefined
        ? null
        : requirementOf(context, input.require, under('require') ?? node),
    reject:
      input.reject === undefined
        ? null
        : requirementOf(context, input.reject, under('reject') ?? node),
  };
}

interface Entry {
  readonly event: TriggerFilter['event'];
  readonly input: Partial<TriggerInput>;
  readonly node: Located;
}

function actionsFor(context: ItemContext, entry: Entry): readonly string[] {
  const known = actionsOf[entry.event];
  const node = nodeUnder(entry.node, 'action');
  return pairs<string>(entry.input.action, node, entry.node.span).map(([action, span]) => {
    if (entry.event === 'check_run' && action === 'requested') {
      report(context, wording.deprecated('requested', 'Write `rerequested`.'), span);
      return 'rerequested';
    }
    if (known.length > 0 && !known.includes(action)) {
      report(context, wording.neverMatches('the action', action, known), span);
    }
    return action;
  });
}

/** Without an action, or with one that fits among them, the attribute has something to match. */
function noteActionMisfits(context: ItemContext, actions: readonly string[], node: Located): void {
  for (const [key, fitting] of Object.entries(fitsActions)) {
    const entry = entryOf(node, key);
    if (entry === null || actions.length === 0) continue;
    if (actions.some((action) => fitting.includes(action))) continue;
    report(context, wording.doesNotFitAction(key, actions), entry.key);
  }
}

function noteMisfits(context: ItemContext, event: string, node: Located): void {
  if (node.kind !== 'map') return;
  for (const [key, entry] of node.entries) {
    const events = Object.hasOwn(fits, key) ? fits[key] : undefined;
    if (events === undefined || events.includes(event)) continue;
    report(context, wording.doesNotFit(key, event), entry.key);
  }
}
