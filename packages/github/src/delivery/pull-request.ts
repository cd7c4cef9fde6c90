/** `pull_request`: somebody did something to a pull request. */
import { z } from 'zod';
import {
  ignored,
  type PayloadReader,
  RepositoryPayload,
  readWith,
  Sha,
  senderOf,
  triggerFacts,
} from './payload.ts';

/** GitHub's actions in Zuul's words. */
const actions = new Map([
  ['opened', 'opened'],
  ['synchronize', 'changed'],
  ['closed', 'closed'],
  ['reopened', 'reopened'],
  ['labeled', 'labeled'],
  ['unlabeled', 'unlabeled'],
  ['edited', 'edited'],
  ['ready_for_review', 'ready_for_review'],
  ['converted_to_draft', 'converted_to_draft'],
]);

const Payload = RepositoryPayload.extend({
  pull_request: z.object({ number: z.number(), head: z.object({ sha: Sha }) }),
  label: z.object({ name: z.string() }).nullish(),
});

export const readPullRequest: PayloadReader = (payload, context) =>
  readWith(Payload, payload, (event) => {
    const action = actions.get(event.action ?? '');
    if (action === undefined) return ignored(`nothing follows from pull_request ${event.action}`);
    return {
      kind: 'change',
      repository: event.repository.full_name,
      number: event.pull_request.number,
      headSha: event.pull_request.head.sha,
      commentId: null,
      sender: senderOf(event.sender, context),
      trigger: triggerFacts({
        event: 'pull_request',
        action,
        label: event.label?.name ?? null,
      }),
    };
  });
