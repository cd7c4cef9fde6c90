/** `pull_request_review`: a vote or a remark on a pull request. */
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

const actions = ['submitted', 'dismissed', 'edited'];

const Payload = RepositoryPayload.extend({
  pull_request: z.object({ number: z.number(), head: z.object({ sha: Sha }) }),
  review: z.object({ state: z.string() }),
});

export const readPullRequestReview: PayloadReader = (payload, context) =>
  readWith(Payload, payload, (event) => {
    const action = event.action ?? '';
    if (!actions.includes(action)) {
      return ignored(`nothing follows from pull_request_review ${action}`);
    }
    return {
      kind: 'change',
      repository: event.repository.full_name,
      number: event.pull_request.number,
      headSha: event.pull_request.head.sha,
      commentId: null,
      sender: senderOf(event.sender, context),
      trigger: triggerFacts({
        event: 'pull_request_review',
        action,
        reviewState: event.review.state.toLowerCase(),
      }),
    };
  });
