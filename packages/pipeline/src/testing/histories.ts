/**
 * Random histories of one change: what people, mergers and runners might say of it in any order,
 * late, doubled and nonsensical. A command is plain data, so that a failing history shrinks; what
 * it stands for is decided against the world it meets.
 */
import { type AttemptResult, buildResults, eventId, type ProposedChange } from '@gatehouse/model';
import fc from 'fast-check';
import type { EngineEvent, Preparation } from '../events.ts';
import type { Build, Item } from '../state.ts';
import {
  aChange,
  aFilter,
  aJob,
  aPipeline,
  fakeSha,
  noRequirement,
  noTrigger,
  observed,
  overHttp,
} from './builders.ts';

/** One thing that happens. Numbers pick among what is there. */
export type Command =
  | { readonly kind: 'push' | 'close' | 'reopen' | 'rebase' | 'say' | 'suite' | 'approve-review' }
  | { readonly kind: 'late'; readonly steps: number }
  | { readonly kind: 'double'; readonly pick: number }
  | { readonly kind: 'button'; readonly pick: number; readonly word: string; readonly by: number }
  | { readonly kind: 'prepared'; readonly pick: number; readonly how: number }
  | {
      readonly kind: 'started' | 'completed' | 'timed-out';
      readonly pick: number;
      readonly build: number;
      readonly result: number;
      readonly attempt: number;
    }
  | { readonly kind: 'dequeue'; readonly pick: number };

const pick = fc.nat({ max: 5 });
const report = (kind: 'started' | 'completed' | 'timed-out') =>
  fc.record({
    kind: fc.constant(kind),
    pick,
    build: pick,
    // Mostly successes; the last one is a wish for another try.
    result: fc.oneof(fc.constant(0), fc.nat({ max: buildResults.length })),
    // Mostly about the try that counts.
    attempt: fc.constantFrom(0, 0, 0, 0, -1, 1),
  });

/** A history; shorter ones first when it shrinks. */
export const histories: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('push', 'close', 'reopen', 'rebase', 'say', 'suite', 'approve-review'),
    }),
    fc.record({ kind: fc.constant('late' as const), steps: pick }),

    fc.record({ kind: fc.constant('double' as const), pick: fc.nat({ max: 30 }) }),
    fc.record({
      kind: fc.constant('button' as const),
      pick,
      word: fc.constantFrom('approve', 'approve', 'abort', 'rerun', 'dequeue', 'dance'),
      by: pick,
    }),
    fc.record({
      kind: fc.constant('prepared' as const),
      pick,
      how: fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 8, 8, 9, 9, 9),
    }),
    {
      arbitrary: fc.record({
        kind: fc.constant('prepared' as const),
        pick,
        how: fc.constantFrom(5, 7, 8, 9),
      }),
      weight: 3,
    },
    report('started'),
    { arbitrary: report('completed'), weight: 6 },
    report('timed-out'),
    fc.record({ kind: fc.constant('dequeue' as const), pick }),
  ),
  // Without it histories of a few steps are all there is.
  { maxLength: 60, size: 'max' },
);

/** Who proposes the change: that decides what may run. */
export const authors = fc.constantFrom('inside', 'outside');

const people = [
  { login: 'ada', isBot: false, isSelf: false, permission: 'none' },
  { login: 'grace', isBot: false, isSelf: false, permission: 'write' },
  { login: 'robot', isBot: true, isSelf: false, permission: 'admin' },
  { login: 'eve', isBot: false, isSelf: false, permission: 'read' },
] as const;

const triggers = [aFilter(), aFilter({ event: 'check_run' }), aFilter({ event: 'check_suite' })];
const pipelines = [
  { definition: aPipeline({ triggers }), takesPart: true },
  {
    definition: aPipeline({
      name: 'guarded',
      triggers,
      require: { ...noRequirement, isOpen: true, hasTrustedAuthor: true },
    }),
    takesPart: true,
  },
  {
    definition: aPipeline({ name: 'keeps', triggers, isDequeuedOnNewHead: false }),
    takesPart: true,
  },
  {
    definition: aPipeline({
      name: 'takes-over',
      triggers: [aFilter({ actions: ['comment'] })],
      supercedes: ['check'],
    }),
    takesPart: true,
  },
  { definition: aPipeline({ name: 'elsewhere', triggers }), takesPart: false },
  { definition: aPipeline({ name: 'gate', triggers, manager: 'dependent' }), takesPart: true },
];

const jobs = [
  aJob('a'),
  aJob('b', { execution: overHttp, dependencies: [{ name: 'a', isSoft: false }] }),
  aJob('c', { isVoting: false, attempts: 1 }),
  aJob('d', { execution: { kind: 'noop' }, dependencies: [{ name: 'c', isSoft: true }] }),
  aJob('e', { execution: overHttp, attempts: 2 }),
];

/** The world beside the engine, and every event it has sent. */
export interface Story {
  change: ProposedChange;
  head: number;
  now: number;
  /** How the change stood, with the time of reading. */
  readonly readings: { readonly at: number; readonly change: ProposedChange }[];
  readonly sent: EngineEvent[];
  approved: boolean;
}

/** A story that begins with an open change. */
export function storyBy(author: string): Story {
  const outside = { isHeadInBase: false, author: 'mallory' };
  const change = aChange(author === 'outside' ? outside : {});
  return { change, head: 1, now: 1_000, readings: [], sent: [], approved: false };
}

/** The event that a command stands for now; null: it makes no sense now. */
export function eventOf(
  story: Story,
  items: readonly Item[],
  command: Command,
): EngineEvent | null {
  story.now += 10;
  const event = madeOf(story, items, command);
  if (event !== null) story.sent.push(event);
  return event;
}

function madeOf(story: Story, items: readonly Item[], command: Command): EngineEvent | null {
  switch (command.kind) {
    case 'push':
      story.head += 1;
      return tell(story, { headSha: fakeSha(String(story.head % 10)) }, 'changed');
    case 'close':
      return tell(story, { isOpen: false }, 'closed');
    case 'reopen':
      return tell(story, { isOpen: true }, 'reopened');
    case 'rebase':
      return tell(
        story,
        { baseRef: story.change.baseRef === 'main' ? 'stable' : 'main' },
        'edited',
      );
    case 'say':
      return tell(story, {}, 'comment');
    case 'approve-review':
      story.approved = !story.approved;
      return tell(story, {}, 'submitted');
    case 'suite':
      return { ...tell(story, {}, 'rerequested'), shownPipelines: ['check', 'guarded'] };
    case 'late': {
      const reading = story.readings.at(-1 - command.steps);
      return reading === undefined ? null : { ...tell(story, {}, 'changed'), ...reading };
    }
    case 'double':
      return story.sent[command.pick % Math.max(1, story.sent.length)] ?? null;
    default:
      return madeOfItem(story, items, command);
  }
}

type OfItem = Extract<Command, { readonly pick: number }>;

function madeOfItem(story: Story, items: readonly Item[], command: OfItem): EngineEvent | null {
  const alive = items.filter((one) => one.verdict === null);
  // Mostly about what is alive; now and then about what is over.
  const among = alive.length > 0 && command.pick < 4 ? alive : items;
  const item = among.at(-1 - (command.pick % Math.max(1, among.length)));
  if (item === undefined || command.kind === 'double') return null;
  const { tenant, buildset } = item;
  const base = { id: eventId(`told-${story.now}`), tenant, at: story.now, buildset };
  switch (command.kind) {
    case 'button': {
      const actor = people[command.by % people.length] ?? people[0];
      const { headSha } = item.change;
      const button = { buildset, identifier: command.word, headSha };
      return { ...tell(story, {}, 'requested_action'), actor, button };
    }
    case 'prepared':
      return { ...base, type: 'ItemPrepared', preparation: preparationOf(item, command.how) };
    case 'dequeue':
      return { ...base, type: 'DequeueRequested', by: 'root' };
    default:
      return reported(item, base, command);
  }
}

type Reported = Extract<Command, { readonly attempt: number }>;

function reported(
  item: Item,
  base: Pick<EngineEvent, 'id' | 'tenant' | 'at'> & { readonly buildset: Item['buildset'] },
  command: Reported,
): EngineEvent | null {
  const build: Build | undefined = item.builds[command.build % Math.max(1, item.builds.length)];
  if (build === undefined) return null;
  // Whoever runs a build counts its tries from 1.
  const about = { ...base, build: build.id, attempt: Math.max(1, build.attempt + command.attempt) };
  const rest = { logUrl: null, hasLog: true };
  if (command.kind === 'started') return { ...about, ...rest, type: 'BuildStarted' };
  if (command.kind === 'timed-out') return { ...about, type: 'BuildTimedOut' };
  const results: readonly AttemptResult[] = [...buildResults, 'RETRY'];
  const result = results[command.result] ?? 'SUCCESS';
  return { ...about, type: 'BuildCompleted', result, logUrl: null, detail: null, data: {} };
}

function tell(story: Story, different: Partial<ProposedChange>, action: string) {
  story.change = { ...story.change, ...different };
  const { change, now: at } = story;
  story.readings.push({ at, change });
  const event = action === 'rerequested' ? 'check_suite' : 'pull_request';
  const by = { headSha: change.headSha, by: 'grace', via: 'review' } as const;
  const { isHeadInBase, author, headSha } = change;
  return observed({
    id: eventId(`told-${at}`),
    at,
    seed: `s${at}`,
    change,
    pipelines,
    actor: people[1],
    trigger: {
      ...noTrigger,
      event: action === 'submitted' ? 'pull_request_review' : event,
      action,
      comment: action === 'comment' ? 'recheck' : null,
    },
    trust: {
      isHeadInBase,
      author,
      authorPermission: 'none',
      headSha,
      approvals: story.approved ? [by] : [],
    },
  });
}

function preparationOf(item: Item, how: number): Preparation {
  const ownedBranch = how % 2 === 0 ? null : `gatehouse/x/${item.buildset}`;
  switch (how) {
    case 0:
      return { code: 'conflict', message: 'no', ownedBranch };
    case 1:
      return { code: 'gone', message: 'gone', ownedBranch };
    case 2:
      return { code: 'failed', message: 'failed', ownedBranch };
    case 3:
      return { code: 'misconfigured', problems: [], ownedBranch };
    default: {
      const { headSha } = item.change;
      const state = { ref: 'refs/pull/7/merge', sha: headSha, baseSha: null, ownedBranch };
      const chosen = how === 4 ? [] : jobs.slice(how === 5 ? 1 : 0, how - 4);
      const rest = { selection: [], warnings: [], removesAllVoting: how === 4 };
      return { code: 'ready', state, jobs: chosen, ...rest };
    }
  }
}
