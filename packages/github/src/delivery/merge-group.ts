/** `merge_group`: GitHub's own merge queue wants a group of changes checked. */
import { z } from 'zod';
import {
  commitUrl,
  ignored,
  type PayloadReader,
  RepositoryPayload,
  readWith,
  Sha,
  senderOf,
  triggerFacts,
} from './payload.ts';

const Payload = RepositoryPayload.extend({
  merge_group: z.object({ head_sha: Sha, head_ref: z.string(), base_sha: Sha }),
});

export const readMergeGroup: PayloadReader = (payload, context) =>
  readWith(Payload, payload, (event) => {
    if (event.action !== 'checks_requested') {
      return ignored(`nothing follows from merge_group ${event.action}`);
    }
    const group = event.merge_group;
    return {
      kind: 'ref',
      repository: event.repository.full_name,
      ref: group.head_ref,
      oldSha: group.base_sha,
      newSha: group.head_sha,
      commitUrl: commitUrl(event.repository, group.head_sha),
      paths: null,
      sender: senderOf(event.sender, context),
      trigger: triggerFacts({
        event: 'merge_group',
        action: 'checks_requested',
        ref: group.head_ref,
      }),
    };
  });
