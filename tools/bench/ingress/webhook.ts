/** The webhook that every server is sent: as GitHub sends it, 24,261 bytes of `pull_request`. */
import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';

/** Where every server under test takes it. */
export const WEBHOOK_PATH = '/webhooks/github';

/** The secret of all servers. */
export const SECRET = 'a secret of the benchmark';

/** A webhook, ready to be sent. */
export interface Webhook {
  readonly body: Buffer;
  /** Everything before the delivery's id. */
  readonly head: string;
}

interface Example {
  readonly action: string;
  readonly installation?: object;
  readonly organization?: object;
}

/** The same webhook each time. @param isGenuine false: its signature is of the right form only. */
export function webhook({ isGenuine }: { readonly isGenuine: boolean }): Webhook {
  const body = Buffer.from(JSON.stringify(openedPullRequest()));
  const digest = createHmac('sha256', isGenuine ? SECRET : 'another')
    .update(body)
    .digest('hex');
  const head = [
    `POST ${WEBHOOK_PATH} HTTP/1.1`,
    'Host: 127.0.0.1',
    'User-Agent: GitHub-Hookshot/044aadd',
    'Accept: */*',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'X-GitHub-Event: pull_request',
    'X-GitHub-Hook-ID: 292430182',
    'X-GitHub-Hook-Installation-Target-ID: 79929171',
    'X-GitHub-Hook-Installation-Target-Type: integration',
    `X-Hub-Signature-256: sha256=${digest}`,
    'X-GitHub-Delivery: ',
  ].join('\r\n');
  return { body, head };
}

function openedPullRequest(): object {
  const require = createRequire(import.meta.url);
  // The package is one JSON file: a list of events with their examples.
  const events = require('@octokit/webhooks-examples') as { name: string; examples: Example[] }[];
  const examples = events.find(({ name }) => name === 'pull_request')?.examples ?? [];
  const found = examples.find(
    ({ action, installation, organization }) =>
      action === 'opened' && installation !== undefined && organization !== undefined,
  );
  if (found === undefined) throw new Error('the examples hold no opened pull request of an App');
  return found;
}
