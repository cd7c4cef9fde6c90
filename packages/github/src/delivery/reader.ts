/**
 * Webhook deliveries in our words. Reading is pure and total: an event or action that nobody uses,
 * and a payload that cannot be read, come out as `ignored` with the reason.
 */
import type { Json } from '@gatehouse/model';
import type { Notice } from '@gatehouse/ports';
import { readCheckRun, readCheckSuite } from './check.ts';
import {
  readInstallation,
  readInstallationRepositories,
  readInstallationTarget,
} from './installation.ts';
import { readIssueComment } from './issue-comment.ts';
import { readMergeGroup } from './merge-group.ts';
import { ignored, type PayloadReader, type ReadingContext } from './payload.ts';
import { readPullRequest } from './pull-request.ts';
import { readPullRequestReview } from './pull-request-review.ts';
import { readPush } from './push.ts';
import { readStatus } from './status.ts';

/** Event (`X-GitHub-Event`) → how its payload is read. */
const readers: ReadonlyMap<string, PayloadReader> = new Map([
  ['pull_request', readPullRequest],
  ['issue_comment', readIssueComment],
  ['pull_request_review', readPullRequestReview],
  ['status', readStatus],
  ['check_run', readCheckRun],
  ['check_suite', readCheckSuite],
  ['push', readPush],
  ['merge_group', readMergeGroup],
  ['installation', readInstallation],
  ['installation_repositories', readInstallationRepositories],
  ['installation_target', readInstallationTarget],
]);

/** @param delivery.event value of `X-GitHub-Event`. */
export function readDelivery(
  delivery: { readonly event: string; readonly payload: Json },
  context: ReadingContext,
): Notice {
  const read = readers.get(delivery.event);
  if (read === undefined) return ignored(`nobody uses the event ${delivery.event}`);
  return read(delivery.payload, context);
}
