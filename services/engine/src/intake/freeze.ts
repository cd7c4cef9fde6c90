/**
 * From a built state to a prepared item: reads the configuration as it stands in that state and
 * freezes the jobs. A change's own configuration decides about its own jobs; pipelines, and what
 * `post-review` pipelines run for an untrusted head, stay the base's.
 */
import {
  type FreezeResult,
  freezeJobs,
  type Layout,
  problemsBrought,
  removesAllVoting,
} from '@gatehouse/layout';
import {
  branchOf,
  type Change,
  configurationRefOf,
  GatehouseError,
  type SpeculativeState,
} from '@gatehouse/model';
import {
  type Item,
  type ItemPrepared,
  itemRecordKey,
  type Preparation,
  readItem,
} from '@gatehouse/pipeline';
import type { MessageCatalogue } from '@gatehouse/ports';
import { z } from 'zod';
import type { EngineDeps } from '../deps.ts';
import { eventIdOf, seedOf } from './ids.ts';
import type { Layouts, LoadedLayout } from './layouts.ts';
import { NOT_SHOWN_PAUSE_MS, NOT_SHOWN_TRIES_MAX } from './limits.ts';
import { questionOf } from './sources.ts';

type StateBuilt = Extract<MessageCatalogue['events'], { kind: 'state-built' }>;

/** What the merger says; its side of the same contract is `services/merger`. */
const outcomeSchema = z.discriminatedUnion('code', [
  z.object({
    code: z.literal('built'),
    state: z.object({
      ref: z.string(),
      sha: z.string(),
      baseSha: z.string().nullable(),
      ownedBranch: z.string().nullable(),
    }),
  }),
  z.object({
    code: z.enum(['conflict', 'gone', 'failed']),
    message: z.string(),
    ownedBranch: z.string().nullable(),
  }),
]);

type Outcome = z.infer<typeof outcomeSchema>;

interface FreezeDeps extends EngineDeps {
  readonly layouts: Layouts;
}

/** Null: the item is unknown, nothing is to be told. */
export async function freezeItem(
  deps: FreezeDeps,
  message: StateBuilt,
  attempt: number,
): Promise<ItemPrepared | null> {
  const { tenant, buildset, key } = message;
  const [record] = await deps.tenants.readRecords(tenant, [itemRecordKey(buildset)]);
  if (record === null || record === undefined) return null;
  const preparation = await prepare(deps, readItem(record), {
    outcome: outcomeOf(message),
    attempt,
  });
  const at = deps.clock.now();
  return {
    type: 'ItemPrepared',
    // A state that was built twice has two outcomes, and the branch of either has to be removed.
    id: eventIdOf(key, 'prepared', seedOf(JSON.stringify(message.outcome))),
    tenant,
    at,
    buildset,
    preparation,
  };
}

/** The branch that a message's state was built on, to be removed; null: none, or unreadable. */
export function ownedBranchIn(message: StateBuilt): string | null {
  const { data } = outcomeSchema.safeParse(message.outcome);
  return (data?.code === 'built' ? data.state.ownedBranch : data?.ownedBranch) ?? null;
}

function outcomeOf({ outcome, buildset }: StateBuilt): Outcome {
  const { data } = outcomeSchema.safeParse(outcome);
  if (data !== undefined) return data;
  throw new GatehouseError('GATE_MESSAGE_UNREADABLE', 'the outcome of a merge cannot be read', {
    details: { buildset },
  });
}

async function prepare(
  deps: FreezeDeps,
  item: Item,
  { outcome: built, attempt }: { outcome: Outcome; attempt: number },
): Promise<Preparation> {
  if (built.code !== 'built') return built;
  if (item.phase !== 'preparing') {
    // It ended meanwhile: only its branch has to go, and nothing is to be asked for that.
    const { ownedBranch } = built.state;
    return { code: 'gone', message: 'the run is over', ownedBranch };
  }
  // Parsed just above; the merger got both shas from checked constructors.
  const state = built.state as unknown as SpeculativeState;
  const { change } = item;
  // The base that is in the state: what was pushed to it since then is not the change's doing.
  const ref = state.baseSha ?? configurationRefOf(change);
  const base = await deps.layouts.at(questionOf(change, { ref, isNow: false }));
  if (base === null) {
    return { code: 'gone', message: 'the base is gone', ownedBranch: state.ownedBranch };
  }
  // A ref that moved has no configuration but its own.
  const own =
    change.kind === 'ref' ? base : await deps.layouts.proposed(base, change.repository, state.sha);
  if (own === null) return notShown(state, attempt);
  return freeze(deps, { item, state, base, own });
}

/** GitHub may take a moment to show a commit that was just made. */
function notShown({ sha, ownedBranch }: SpeculativeState, attempt: number): Preparation {
  const message = `the merged state ${sha} is not shown`;
  if (attempt >= NOT_SHOWN_TRIES_MAX) return { code: 'failed', message, ownedBranch };
  throw new GatehouseError('GATE_GITHUB_NOT_FOUND', message, { retryAfterMs: NOT_SHOWN_PAUSE_MS });
}

interface Question {
  readonly item: Item;
  readonly state: SpeculativeState;
  readonly base: LoadedLayout;
  /** The layout with what the change proposes; the base when it touches no configuration. */
  readonly own: LoadedLayout;
}

async function freeze(deps: FreezeDeps, question: Question): Promise<Preparation> {
  const { item, state, base, own } = question;
  const isAltered = own !== base;
  const brought = isAltered ? problemsBrought(own.problems, base.problems) : [];
  const broken = brought.filter((problem) => problem.level === 'error');
  if (broken.length > 0) {
    return { code: 'misconfigured', problems: broken, ownedBranch: state.ownedBranch };
  }
  const isUsed = isAltered && (item.trust.isTrusted || !item.pipeline.isPostReview);
  const changedFiles = await changedFilesOf(deps, item.change);
  const ask = (layout: Layout, before: Layout | null): FreezeResult =>
    freezeJobs(layout, {
      repository: item.change.repository,
      branch: branchOf(item.change),
      ref: item.change.kind === 'ref' ? item.change.ref : null,
      pipeline: item.pipeline.name,
      changedFiles,
      base: before,
    });
  const before = ask(base.layout, null);
  const frozen = isUsed ? ask(own.layout, base.layout) : before;
  const errors = frozen.problems.filter((problem) => problem.level === 'error');
  if (errors.length > 0) {
    return { code: 'misconfigured', problems: errors, ownedBranch: state.ownedBranch };
  }
  return {
    code: 'ready',
    state,
    jobs: frozen.jobs,
    selection: frozen.reasons,
    removesAllVoting: isUsed && removesAllVoting(before, frozen),
    warnings: [...brought, ...frozen.problems],
    isDebug: frozen.isDebug,
  };
}

async function changedFilesOf(deps: FreezeDeps, change: Change): Promise<readonly string[] | null> {
  return change.kind === 'proposed'
    ? deps.changes.readChangedFiles(change.repository, change.number)
    : null;
}
