/**
 * From a built state to a prepared item: reads the configuration as it stands in that state and
 * freezes the jobs. A change's own configuration decides about its own jobs; pipelines, and what
 * `post-review` pipelines run for an untrusted head, stay the base's.
 */
import { type FreezeResult, freezeJobs, type Layout } from '@gatehouse/layout';
import {
  branchOf,
  type Change,
  type ConfigurationProblem,
  configurationRefOf,
  type Json,
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
import { eventIdOf } from './ids.ts';
import type { Layouts, LoadedLayout } from './layouts.ts';

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

interface FreezeDeps extends EngineDeps {
  readonly layouts: Layouts;
}

/** Null: the item is unknown or over, nothing is to be told. */
export async function freezeItem(
  deps: FreezeDeps,
  message: StateBuilt,
): Promise<ItemPrepared | null> {
  const { tenant, buildset, key } = message;
  const [record] = await deps.tenants.readRecords(tenant, [itemRecordKey(buildset)]);
  if (record === null || record === undefined) return null;
  const preparation = await prepare(deps, readItem(record), message.outcome);
  const at = deps.clock.now();
  return {
    type: 'ItemPrepared',
    id: eventIdOf(key, 'prepared'),
    tenant,
    at,
    buildset,
    preparation,
  };
}

async function prepare(deps: FreezeDeps, item: Item, outcome: Json): Promise<Preparation> {
  const built = outcomeSchema.parse(outcome);
  if (built.code !== 'built') return built;
  // Parsed just above; the merger got both shas from checked constructors.
  const state = built.state as unknown as SpeculativeState;
  const { change } = item;
  const base = await deps.layouts.at(
    change.repository,
    configurationRefOf(change),
    branchOf(change),
  );
  if (base === null) {
    return { code: 'gone', message: 'the base is gone', ownedBranch: state.ownedBranch };
  }
  // A ref that moved has no configuration but its own.
  const own =
    change.kind === 'ref' ? base : await deps.layouts.proposed(base, change.repository, state.sha);
  return freeze(deps, { item, state, base, own });
}

interface Question {
  readonly item: Item;
  readonly state: SpeculativeState;
  readonly base: LoadedLayout;
  /** The layout with what the change proposes; the base when it touches no configuration. */
  readonly own: LoadedLayout | null;
}

async function freeze(deps: FreezeDeps, question: Question): Promise<Preparation> {
  const { item, state, base, own } = question;
  const isAltered = own !== null && own !== base;
  const broken = isAltered ? newErrors(own, base) : [];
  if (broken.length > 0) {
    return { code: 'misconfigured', problems: broken, ownedBranch: state.ownedBranch };
  }
  const isUsed = isAltered && (item.trust.isTrusted || !item.pipeline.isPostReview);
  const changedFiles = await changedFilesOf(deps, item.change);
  const ask = (layout: Layout, before: Layout | null): FreezeResult =>
    freezeJobs(layout, {
      repository: item.change.repository,
      branch: branchOf(item.change),
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
    removesAllVoting: hasVoting(before) && !hasVoting(frozen),
    warnings: frozen.problems,
  };
}

/** Errors the base has already do not block a change that did not make them. */
function newErrors(own: LoadedLayout, base: LoadedLayout): readonly ConfigurationProblem[] {
  const known = new Set(base.problems.map(signature));
  return own.problems.filter(
    (problem) => problem.level === 'error' && !known.has(signature(problem)),
  );
}

function signature(problem: ConfigurationProblem): string {
  return JSON.stringify([problem.repository, problem.path, problem.code, problem.message]);
}

function hasVoting(frozen: FreezeResult): boolean {
  return frozen.jobs.some((job) => job.isVoting);
}

async function changedFilesOf(deps: FreezeDeps, change: Change): Promise<readonly string[] | null> {
  return change.kind === 'proposed'
    ? deps.changes.readChangedFiles(change.repository, change.number)
    : null;
}
