/**
 * GitHub's own record of the App's webhook deliveries. Each attempt is a row of its own, newest
 * first; attempts of one delivery share its guid.
 * Source: https://docs.github.com/rest/apps/webhooks
 */
import type { DeliveryLog, FailedDelivery } from '@gatehouse/ports';
import { z } from 'zod';
import type { GitHubContext } from './context.ts';
import { resource } from './http/client.ts';

const Attempt = z.object({
  /** 64 bits since February 2026; octokit gives those that do not fit a number as bigint. */
  id: z.union([z.number(), z.bigint(), z.string()]).transform(String),
  guid: z.string(),
  delivered_at: z.string(),
  redelivery: z.boolean(),
  status: z.string(),
  status_code: z.number(),
  event: z.string(),
});
type Attempt = z.infer<typeof Attempt>;
const attempts = resource('GET /app/hook/deliveries', z.array(Attempt));

export function createDeliveryLog(context: GitHubContext): DeliveryLog {
  return {
    listFailed: (since) => listFailed(context, since),
    async redeliver(attemptId) {
      await context.app.send(
        'POST /app/hook/deliveries/{delivery_id}/attempts',
        // The description says a number; the digits of a larger one go into the path as they are.
        { delivery_id: attemptId as number },
        { isRepeatable: false },
      );
    },
  };
}

/**
 * A delivery is decided at its first attempt, the last of its rows to be listed: only there are
 * all its redeliveries known.
 */
async function* listFailed(
  context: GitHubContext,
  since: number,
): AsyncGenerator<readonly FailedDelivery[], void, undefined> {
  const succeeded = new Set<string>();
  const undecided = new Map<string, Attempt>();
  for await (const page of context.app.readPages(attempts, {})) {
    const failed: FailedDelivery[] = [];
    let isPast = false;
    for (const attempt of page) {
      isPast = Date.parse(attempt.delivered_at) < since;
      if (isPast) break;
      undecided.set(attempt.guid, attempt);
      if (isSuccess(attempt)) succeeded.add(attempt.guid);
      if (attempt.redelivery) continue;
      undecided.delete(attempt.guid);
      if (!succeeded.has(attempt.guid)) failed.push(failedDelivery(attempt));
    }
    if (failed.length > 0) yield failed;
    if (isPast) break;
  }
  // The first attempt of these lies before `since`.
  const rest = [...undecided.values()].filter((attempt) => !succeeded.has(attempt.guid));
  if (rest.length > 0) yield rest.map(failedDelivery);
}

function isSuccess(attempt: Attempt): boolean {
  return attempt.status === 'OK' || (attempt.status_code >= 200 && attempt.status_code < 300);
}

function failedDelivery(attempt: Attempt): FailedDelivery {
  return {
    attemptId: attempt.id,
    deliveryId: attempt.guid,
    event: attempt.event,
    deliveredAt: Date.parse(attempt.delivered_at),
  };
}
