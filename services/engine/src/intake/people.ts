/** What intake asks about people: their rights, and whether a head may be trusted. */
import { isUsable, matchesAnywhere, type Pattern } from '@gatehouse/layout';
import {
  type Change,
  permits,
  type Sender,
  type TriggerFacts,
  type TrustFacts,
} from '@gatehouse/model';
import type { Actor, ButtonPress, PipelineFact } from '@gatehouse/pipeline';
import type { ChangeReader } from '@gatehouse/ports';

/** What decides whether the actor's rights matter. */
export interface ActorQuestion {
  readonly change: Change;
  readonly sender: Sender;
  readonly trigger: TriggerFacts;
  readonly button: ButtonPress | null;
  readonly pipelines: readonly PipelineFact[];
}

/** The actor with their rights; asked only where something depends on them. */
export async function readActor(changes: ChangeReader, question: ActorQuestion): Promise<Actor> {
  const { sender, change } = question;
  if (!rightsMatter(question)) return { ...sender, permission: 'none' };
  const permission = await changes.readPermission(change.repository, sender.login);
  return { ...sender, permission };
}

function rightsMatter({ trigger, button, pipelines }: ActorQuestion): boolean {
  if (button !== null || trigger.action === 'rerequested') return true;
  return pipelines.some(
    ({ takesPart, definition }) =>
      takesPart &&
      definition.triggers.some((filter) => {
        if (filter.event !== trigger.event) return false;
        if (filter.actions.length > 0 && !filter.actions.includes(trigger.action ?? ''))
          return false;
        const { comment } = trigger;
        if (comment === null) return filter.permission !== null;
        const { comments } = filter;
        const mayMatch = (one: Pattern) => !isUsable(one) || matchesAnywhere(one, comment);
        return comments.length === 0 || comments.some(mayMatch);
      }),
  );
}

/**
 * Null for refs. The author's rights matter only where the head came from elsewhere and a pipeline
 * could run it.
 */
export async function readTrustFacts(
  changes: ChangeReader,
  change: Change,
  pipelines: readonly PipelineFact[],
): Promise<TrustFacts | null> {
  if (change.kind === 'ref') return null;
  const { repository, number, headSha, author, isHeadInBase } = change;
  const facts = { isHeadInBase, author, headSha, authorPermission: 'none' as const, approvals: [] };
  const isAsked = !isHeadInBase && change.isOpen && pipelines.some((fact) => fact.takesPart);
  if (!isAsked) return facts;
  const authorPermission = await changes.readPermission(repository, author);
  if (permits(authorPermission, 'write')) return { ...facts, authorPermission };
  const approvals = await changes.readApprovals(repository, number, headSha);
  return { ...facts, authorPermission, approvals };
}
