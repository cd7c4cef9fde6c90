/**
 * From a notice to `ChangeObserved` events: finds the changes a notice speaks of, reads how they
 * stand, and adds what deciding needs: layout, trust, the actor's rights. Facts that no pipeline
 * asks for are not fetched.
 */
import { pipelinesFor } from '@gatehouse/layout';
import {
  type BuildsetId,
  type Change,
  type CommitSha,
  changeKey,
  isBuildsetId,
  isSameRepository,
  type RepositoryKey,
  type TriggerFacts,
  tenantOf,
} from '@gatehouse/model';
import {
  type ButtonPress,
  type ChangeObserved,
  itemRecordKey,
  readItem,
} from '@gatehouse/pipeline';
import type { Notice } from '@gatehouse/ports';
import { type Cause, eventFor, type ObserverDeps } from './event-for.ts';
import { listensTo } from './participation.ts';

/** Prefix of every check run and commit status of ours. */
const SHOWN_PREFIX = 'gatehouse/';

/** What a notice came to. */
export type Observation =
  | { readonly code: 'observed'; readonly events: readonly ChangeObserved[] }
  | { readonly code: 'not-shown'; readonly reason: string }
  | { readonly code: 'nothing'; readonly reason: string };

/** An administrator's wish. */
export interface EnqueueRequest {
  readonly repository: RepositoryKey;
  readonly number: number;
  readonly pipeline: string;
  /** One plain word that is the same when the same wish is sent again. */
  readonly requestId: string;
}

type ChangeNotice = Extract<Notice, { kind: 'change' }>;
type HeadNotice = Extract<Notice, { kind: 'head' | 'button' }>;
type RefNotice = Extract<Notice, { kind: 'ref' }>;

/** What a delivery's notice comes to. @param id the delivery's */
export async function observe(
  deps: ObserverDeps,
  notice: Notice,
  id: string,
): Promise<Observation> {
  switch (notice.kind) {
    case 'change':
      return observeNumbers(
        deps,
        { repository: notice.repository, numbers: [notice.number] },
        causeOf(notice, id),
      );
    case 'head':
    case 'button':
      return observeHead(deps, notice, id);
    case 'ref':
      return observeRef(deps, notice, id);
    case 'installation':
      deps.accounts.forgetAccount(notice.account);
      deps.layouts.forgetOwner(notice.account);
      return { code: 'nothing', reason: `installation ${notice.action} on ${notice.account}` };
    case 'ignored':
      return { code: 'nothing', reason: notice.reason };
  }
}

/** What an administrator's wish comes to. */
export function observeByHand(deps: ObserverDeps, request: EnqueueRequest): Promise<Observation> {
  return observeNumbers(
    deps,
    { repository: request.repository, numbers: [request.number] },
    {
      id: `admin-${request.requestId}`,
      trigger: noTrigger,
      sender: { login: 'an administrator', isBot: false, isSelf: false },
      button: null,
      shownPipelines: null,
      enqueueIn: request.pipeline,
    },
  );
}

async function observeNumbers(
  deps: ObserverDeps,
  { repository, numbers }: { repository: RepositoryKey; numbers: readonly number[] },
  cause: Cause,
): Promise<Observation> {
  const events: ChangeObserved[] = [];
  for (const number of numbers) {
    const at = deps.clock.now();
    const change = await deps.changes.readChange(repository, number);
    if (change === null) {
      return { code: 'not-shown', reason: `change ${repository}#${number} is not shown` };
    }
    const event = await eventFor(deps, { change, at }, cause);
    if (event !== null) events.push(event);
  }
  return events.length > 0
    ? { code: 'observed', events }
    : { code: 'nothing', reason: 'the repository has no configuration that could be read' };
}

async function observeHead(
  deps: ObserverDeps,
  notice: HeadNotice,
  id: string,
): Promise<Observation> {
  const { repository, headSha } = notice;
  if (!(await couldTrigger(deps, notice))) {
    return { code: 'nothing', reason: `no pipeline listens to ${notice.trigger.event} here` };
  }
  const isSuite = notice.kind === 'head' && notice.trigger.event === 'check_suite';
  const shown = isSuite ? await deps.changes.readShownRuns(repository, headSha) : [];
  const named = isSuite ? shown.map((run) => run.buildset) : buildsetsOf(notice);
  const known = await knownChanges(deps, repository, named);
  const cause: Cause = {
    ...causeOf(notice, id),
    button: buttonOf(notice, known),
    shownPipelines: isSuite ? shown.map((run) => pipelineOf(run.name)) : null,
  };
  const refs = known.filter((change) => change.kind === 'ref');
  const numbers = known.flatMap((change) => (change.kind === 'proposed' ? [change.number] : []));
  if (refs.length > 0) return observeRefs(deps, refs, cause);
  const found =
    numbers.length > 0 ? numbers : await deps.changes.findChangesByHead(repository, headSha);
  if (found.length === 0) return { code: 'nothing', reason: `no change has the head ${headSha}` };
  return observeNumbers(deps, { repository, numbers: [...new Set(found)] }, cause);
}

async function observeRefs(
  deps: ObserverDeps,
  refs: readonly Change[],
  cause: Cause,
): Promise<Observation> {
  const events: ChangeObserved[] = [];
  for (const change of refs) {
    const event = await eventFor(deps, { change, at: deps.clock.now() }, cause);
    if (event !== null) events.push(event);
  }
  return { code: 'observed', events };
}

async function observeRef(deps: ObserverDeps, notice: RefNotice, id: string): Promise<Observation> {
  const { repository, newSha, ref } = notice;
  deps.layouts.forgetRef(repository, ref);
  if (newSha === null) return { code: 'nothing', reason: `${ref} was deleted` };
  const facts = await deps.changes.readRepository(repository);
  if (facts === null) return { code: 'not-shown', reason: `${repository} is not shown` };
  const change: Change = {
    kind: 'ref',
    repository,
    isRepositoryPublic: facts.isPublic,
    defaultBranch: facts.defaultBranch,
    ref,
    headSha: newSha,
    oldSha: notice.oldSha,
    url: notice.commitUrl,
  };
  const at = deps.clock.now();
  const event = await eventFor(deps, { change, at }, causeOf(notice, id));
  return event === null
    ? { code: 'nothing', reason: `${repository} has no configuration at ${ref}` }
    : { code: 'observed', events: [event] };
}

/**
 * Cheap first look, before anything else is asked: most statuses interest nobody. Which branches
 * take part is not asked: pipelines stand on the default branch, stanzas on any.
 */
async function couldTrigger(deps: ObserverDeps, notice: HeadNotice): Promise<boolean> {
  if (notice.kind === 'button') return true;
  const layout = await deps.layouts.ofDefaultBranch(notice.repository);
  if (layout === null) return false;
  return pipelinesFor(layout, notice.repository).some(({ triggers }) =>
    triggers.some((filter) => listensTo(filter, notice.trigger)),
  );
}

/**
 * The changes that runs of ours belong to. A run that is not known here is left out, and so is one
 * of another repository: what others write as their external id points anywhere.
 */
async function knownChanges(
  deps: ObserverDeps,
  repository: RepositoryKey,
  buildsets: readonly BuildsetId[],
): Promise<readonly Change[]> {
  const tenant = tenantOf(repository);
  const keys = buildsets.map(itemRecordKey);
  const records = keys.length === 0 ? [] : await deps.tenants.readRecords(tenant, keys);
  const changes = records
    .flatMap((record) => (record === null ? [] : [readItem(record).change]))
    .filter((change) => isSameRepository(change.repository, repository));
  return [...new Map(changes.map((change) => [changeKey(change), change])).values()];
}

function causeOf(notice: ChangeNotice | HeadNotice | RefNotice, id: string): Cause {
  const { trigger, sender } = notice;
  return { id, trigger, sender, button: null, shownPipelines: null, enqueueIn: null };
}

function buildsetsOf(notice: HeadNotice): readonly BuildsetId[] {
  // What somebody else's run carries as its external id is no buildset of ours.
  return notice.buildset !== null && isBuildsetId(notice.buildset) ? [notice.buildset] : [];
}

/** A button counts only on a run that is known here. */
function buttonOf(notice: HeadNotice, known: readonly Change[]): ButtonPress | null {
  const [buildset] = buildsetsOf(notice);
  if (notice.kind !== 'button' || buildset === undefined || known.length === 0) return null;
  return { buildset, identifier: notice.identifier, headSha: notice.headSha as CommitSha };
}

function pipelineOf(shownName: string): string {
  return shownName.startsWith(SHOWN_PREFIX) ? shownName.slice(SHOWN_PREFIX.length) : shownName;
}

const noTrigger: TriggerFacts = {
  event: 'admin',
  action: null,
  comment: null,
  label: null,
  reviewState: null,
  check: null,
  status: null,
  ref: null,
};
