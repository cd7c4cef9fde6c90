/** Makes a `ChangeObserved` of a change as it stands: with its layout and what is known of people. */
import { type Layout, pipelinesFor, takesPart } from '@gatehouse/layout';
import {
  type Change,
  changeKey,
  type RepositoryKey,
  type Sender,
  type TriggerFacts,
  tenantOf,
} from '@gatehouse/model';
import type { ButtonPress, ChangeObserved, PipelineFact } from '@gatehouse/pipeline';
import type { EngineDeps } from '../deps.ts';
import { eventIdOf, seedOf } from './ids.ts';
import type { Layouts, LoadedLayout } from './layouts.ts';
import { withOwnParticipation } from './participation.ts';
import { readActor, readTrustFacts } from './people.ts';
import { questionOf } from './sources.ts';

/** What observing works with. */
export interface ObserverDeps extends EngineDeps {
  readonly layouts: Layouts;
}

/** What is the same for all changes that one notice speaks of. */
export interface Cause {
  readonly id: string;
  readonly trigger: TriggerFacts;
  readonly sender: Sender;
  readonly button: ButtonPress | null;
  readonly shownPipelines: readonly string[] | null;
  readonly enqueueIn: string | null;
}

/** A change and when reading it began, in milliseconds since 1970. */
export interface ReadChange {
  readonly change: Change;
  readonly at: number;
}

/** The event about one change; null: there is no configuration to decide with. */
export async function eventFor(
  deps: ObserverDeps,
  { change, at }: ReadChange,
  cause: Cause,
): Promise<ChangeObserved | null> {
  // A push says that its branch moved; whatever else leads to a ref may be about an older state.
  const isNow = change.kind === 'proposed' || cause.trigger.event === 'push';
  const base = await deps.layouts.at(questionOf(change, { isNow }));
  // A proposed change whose base branch was deleted still has runs that have to end.
  if (base === null && change.kind === 'ref') return null;
  const pipelines = base === null ? [] : await pipelinesOf(deps, { change, cause, base });
  const key = changeKey(change);
  return {
    type: 'ChangeObserved',
    id: eventIdOf(cause.id, key),
    tenant: tenantOf(change.repository),
    at,
    seed: seedOf(cause.id, key),
    change,
    trigger: cause.trigger,
    actor: await readActor(deps.changes, { change, pipelines, ...cause }),
    trust: await readTrustFacts(deps.changes, change, pipelines),
    reviews: null,
    statuses: null,
    pipelines,
    shownPipelines: cause.shownPipelines,
    button: cause.button,
    enqueueIn: cause.enqueueIn,
  };
}

async function pipelinesOf(
  deps: ObserverDeps,
  { change, cause, base }: { change: Change; cause: Cause; base: LoadedLayout },
): Promise<readonly PipelineFact[]> {
  const pipelines = factsOf(base.layout, change.repository);
  if (change.kind === 'ref') return pipelines;
  return withOwnParticipation(deps.layouts, { change, cause, base, pipelines });
}

/** The pipelines that a repository can see, and whether it takes part. */
export function factsOf(layout: Layout, repository: RepositoryKey): readonly PipelineFact[] {
  return pipelinesFor(layout, repository).map((definition) => ({
    definition,
    takesPart: takesPart(layout, repository, definition.name),
  }));
}
