/** `issue_comment`: somebody said something; on a pull request it may be a command. */
import { z } from 'zod';
import { spokenText } from './comment-text.ts';
import {
  Account,
  AppReference,
  ignored,
  isOwnApp,
  type PayloadReader,
  RepositoryPayload,
  readWith,
  senderOf,
  triggerFacts,
} from './payload.ts';

const Payload = RepositoryPayload.extend({
  issue: z.object({ number: z.number(), pull_request: z.object({}).nullish() }),
  comment: z.object({
    id: z.number(),
    body: z.string().nullish(),
    user: Account.nullish(),
    performed_via_github_app: AppReference.nullish(),
  }),
});

export const readIssueComment: PayloadReader = (payload, context) =>
  readWith(Payload, payload, (event) => {
    if (event.action !== 'created') {
      return ignored('only new comments count, not edited or deleted ones');
    }
    if (event.issue.pull_request === null || event.issue.pull_request === undefined) {
      return ignored('the comment is on an issue, not on a pull request');
    }
    const sender = senderOf(event.sender ?? event.comment.user, context);
    if (sender.isSelf || isOwnApp(event.comment.performed_via_github_app, context)) {
      return ignored('the comment is our own');
    }
    return {
      kind: 'change',
      repository: event.repository.full_name,
      number: event.issue.number,
      headSha: null,
      commentId: event.comment.id,
      sender,
      trigger: triggerFacts({
        event: 'pull_request',
        action: 'comment',
        comment: spokenText(event.comment.body ?? ''),
      }),
    };
  });
