/**
 * The `http` executor: launches an attempt on an external CI, and tells it when the build is
 * cancelled. Results come back over the callback routes, not here.
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { CancelBody } from '@gatehouse/contracts';
import { type HttpExecution, ownerOf } from '@gatehouse/model';
import { type Attempt, type AttemptEnd, attemptFields, endWith } from '../attempt.ts';
import type { RunnerDeps } from '../deps.ts';
import { fillHeader, fillUrl } from '../fields.ts';
import { CANCEL_RETRY_MS, HTTP_TIMEOUT_MS } from '../limits.ts';
import type { BuildReports } from '../reports.ts';
import { clearTarget } from './guard.ts';
import { type PostEnd, postOnce } from './post.ts';
import { cancelBody, type LaunchContent, launchBody } from './request-body.ts';
import { callbackToken, httpKey, signBody } from './signature.ts';

type HttpDeps = Pick<RunnerDeps, 'log' | 'settings'>;

/** An attempt that runs elsewhere. */
export interface HttpJob {
  readonly attempt: Attempt;
  readonly execution: HttpExecution;
}

/** How a launch went. `dropped`: the build is over, nothing was sent. */
export type LaunchEnd =
  | { readonly code: 'accepted' | 'dropped' }
  | { readonly code: 'failed'; readonly end: AttemptEnd };

/**
 * Launches the attempt. The token's hash is registered before the request leaves, so that the
 * first callback cannot come too early; the token itself is kept nowhere. When this process dies
 * before the acceptance is recorded, the attempt is launched again with the same token: whichever
 * of the two launches the runner goes by, its report counts.
 */
export async function launchElsewhere(
  deps: HttpDeps,
  reports: Pick<BuildReports, 'open'>,
  job: HttpJob,
): Promise<LaunchEnd> {
  const { attempt } = job;
  const token = callbackToken(deps.settings.webhookSecret, attempt.build);
  const tokenHash = createHash('sha256').update(token).digest('hex');
  if (!(await reports.open(attempt, tokenHash))) return { code: 'dropped' };
  const body = launchBody(attempt, { publicUrl: deps.settings.publicUrl, token });
  const answer = await send(deps, job, body);
  if (answer.ok) return { code: 'accepted' };
  return { code: 'failed', end: endWith('RETRY', `the launch failed: ${answer.detail}`) };
}

/** Tells the external CI that nobody waits for this attempt any more; tries twice at most. */
export async function cancelElsewhere(
  deps: HttpDeps,
  job: HttpJob,
  signal: AbortSignal,
): Promise<void> {
  const fields = attemptFields(job.attempt);
  const body = cancelBody(job.attempt.build.id, job.attempt.build.attempt);
  const first = await send(deps, job, body);
  if (first.ok) return deps.log.info(fields, 'the external runner was told of the cancellation');
  deps.log.info({ ...fields, why: first.detail }, 'a cancellation is sent again');
  await pause(CANCEL_RETRY_MS, undefined, { signal }).catch(() => undefined);
  const second = await send(deps, job, body);
  if (second.ok) return deps.log.info(fields, 'the external runner was told of the cancellation');
  deps.log.warn(
    { ...fields, why: second.detail },
    'the external runner did not take a cancellation',
  );
}

async function send(
  deps: HttpDeps,
  { attempt, execution }: HttpJob,
  content: LaunchContent | CancelBody,
): Promise<PostEnd> {
  const { settings } = deps;
  const target = clearTarget(fillUrl(attempt, execution.url), (url) => settings.isHttpAllowed(url));
  if (!target.ok) return target;
  const headers = headersOf({ attempt, execution });
  if (!headers.ok) return headers;
  const body = JSON.stringify(content);
  const key = httpKey(settings.webhookSecret, ownerOf(attempt.item.change.repository));
  return postOnce({
    target,
    body,
    timeoutMs: HTTP_TIMEOUT_MS,
    headers: {
      ...headers.values,
      'content-type': 'application/json',
      'user-agent': 'gatehouse',
      'x-gatehouse-signature-256': signBody(key, body),
      'x-gatehouse-build': attempt.build.id,
      'x-gatehouse-attempt': String(attempt.build.attempt),
    },
  });
}

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
/** Printable text; anything else could end the header and begin another. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** The connection's own; a configured one would change what the request is. */
const OWN_HEADERS =
  /^(?:host|connection|content-length|content-type|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|user-agent|x-gatehouse-.*)$/i;

function headersOf({
  attempt,
  execution,
}: HttpJob):
  | { readonly ok: true; readonly values: Record<string, string> }
  | { readonly ok: false; readonly detail: string } {
  const values: Record<string, string> = {};
  for (const [name, template] of Object.entries(execution.headers)) {
    const value = fillHeader(attempt, template);
    if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value)) {
      return { ok: false, detail: `the header ${JSON.stringify(name)} cannot be sent` };
    }
    if (!OWN_HEADERS.test(name)) values[name] = value;
  }
  return { ok: true, values };
}
