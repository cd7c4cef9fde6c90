/**
 * Which pipelines a change takes part in. The base says so; where it says no, the change's own
 * configuration may say yes, so that the change that brings a repository's first configuration is
 * tested by it. It is asked only for pipelines that the event could start, itself or because somebody
 * approved the head, because it costs a request. What may run then is still a matter of trust.
 */
import { type PipelineDefinition, type TriggerFilter, takesPart } from '@gatehouse/layout';
import type { ProposedChange, TriggerFacts } from '@gatehouse/model';
import type { ButtonPress, PipelineFact } from '@gatehouse/pipeline';
import type { Layouts, LoadedLayout } from './layouts.ts';

/** What decides which pipelines an event could start. */
export interface WhatHappened {
  readonly trigger: TriggerFacts;
  readonly button: ButtonPress | null;
  readonly enqueueIn: string | null;
}

/** A change, what happened to it, and what the base says. */
export interface ParticipationQuestion {
  readonly change: ProposedChange;
  readonly cause: WhatHappened;
  readonly base: LoadedLayout;
  readonly pipelines: readonly PipelineFact[];
}

/** The same pipelines, with what the change's own configuration adds. */
export async function withOwnParticipation(
  layouts: Layouts,
  { change, cause, base, pipelines }: ParticipationQuestion,
): Promise<readonly PipelineFact[]> {
  const isOpenQuestion = pipelines.some((fact) => isUndecided(fact, cause));
  if (!change.isOpen || !isOpenQuestion) return pipelines;
  const own = await layouts.proposed(base, change.repository, change.headSha);
  if (own === null || own === base) return pipelines;
  return pipelines.map((fact) => {
    if (!isUndecided(fact, cause)) return fact;
    const { name } = fact.definition;
    // A first configuration that cannot be read is the author's to hear about, in that pipeline.
    const isBrokenFirst = !base.hasOwnFiles && own.problems.some(({ level }) => level === 'error');
    return { ...fact, takesPart: isBrokenFirst || takesPart(own.layout, change.repository, name) };
  });
}

/** Reviewed code only: a pipeline for that never follows what the change itself says. */
function isUndecided({ takesPart: takes, definition }: PipelineFact, cause: WhatHappened): boolean {
  return !takes && !definition.isPostReview && couldStart(definition, cause);
}

/** A button or a review starts what waited for it, whatever the pipeline's triggers are. */
function couldStart(
  { name, triggers }: PipelineDefinition,
  { trigger, button, enqueueIn }: WhatHappened,
): boolean {
  if (button !== null || trigger.event === 'pull_request_review') return true;
  return enqueueIn === name || triggers.some((filter) => listensTo(filter, trigger));
}

/** True when a filter is about this kind of event and action, whatever else it asks for. */
export function listensTo({ event, actions }: TriggerFilter, trigger: TriggerFacts): boolean {
  return (
    event === trigger.event && (actions.length === 0 || actions.includes(trigger.action ?? ''))
  );
}
