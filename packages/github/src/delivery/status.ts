/** `status`: a commit status was written. In Zuul's words an action of the pull request. */
import { z } from 'zod';
import {
  type PayloadReader,
  RepositoryPayload,
  readWith,
  Sha,
  senderOf,
  triggerFacts,
} from './payload.ts';

const Payload = RepositoryPayload.extend({ sha: Sha, context: z.string(), state: z.string() });

export const readStatus: PayloadReader = (payload, context) =>
  readWith(Payload, payload, (event) => {
    const sender = senderOf(event.sender, context);
    return {
      kind: 'head',
      repository: event.repository.full_name,
      headSha: event.sha,
      buildset: null,
      sender,
      trigger: triggerFacts({
        event: 'pull_request',
        action: 'status',
        status: `${sender.login}:${event.context}:${event.state}`,
      }),
    };
  });
