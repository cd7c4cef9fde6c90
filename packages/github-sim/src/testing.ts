/**
 * What tests of the simulator (and of whatever runs against it) need: a started simulator in a
 * folder of its own, an App with a token, a caller, and a receiver of webhooks.
 */
import { createHmac, createSign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppResult, SimActions } from './actions/types.ts';
import type { GithubSimOptions } from './options.ts';
import { createGithubSim, type GithubSim } from './sim.ts';

/** A started simulator that removes its folder when disposed. */
export interface TestSim extends AsyncDisposable {
  readonly sim: GithubSim;
  readonly act: SimActions;
  readonly url: string;
  readonly apiUrl: string;
  readonly dataDir: string;
}

export async function startTestSim(options: Partial<GithubSimOptions> = {}): Promise<TestSim> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'github-sim-test-')));
  const sim = createGithubSim({ mergeabilityDelayMs: 5, checkWebhooks: true, ...options, dataDir });
  const { url, apiUrl } = await sim.start();
  return {
    sim,
    act: sim.act,
    url,
    apiUrl,
    dataDir,
    async [Symbol.asyncDispose]() {
      await sim.stop();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** One answer of the API. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or null without a body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

export type Call = (
  method: string,
  path: string,
  more?: { body?: unknown; headers?: Record<string, string> },
) => Promise<TestAnswer>;

/** A caller of the API with a token; without one it is a stranger. */
export function callerWith(apiUrl: string, token?: string): Call {
  return async (method, path, { body, headers = {} } = {}) => {
    const response = await fetch(path.startsWith('http') ? path : `${apiUrl}${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        'user-agent': 'test',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    const plain = text === '' ? null : text;
    const parsed = isJson && text !== '' ? JSON.parse(text) : plain;
    return { status: response.status, headers: response.headers, body: parsed };
  };
}

/** Claims that differ from a good App token. */
export interface JwtClaims {
  readonly iss?: string | number;
  readonly iat?: number;
  readonly exp?: number;
}

/** An App's JSON web token. */
export function appJwt(app: Pick<AppResult, 'id' | 'privateKey'>, claims: JwtClaims = {}): string {
  const nowS = Math.floor(Date.now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = part({ iss: app.id, iat: nowS - 30, exp: nowS + 540, ...claims });
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${body}`;
  const signature = createSign('RSA-SHA256').update(signed).sign(app.privateKey, 'base64url');
  return `${signed}.${signature}`;
}

/** Organisation `acme` with repository `api`, `ada` who may write, and an installed App. */
export interface World {
  readonly app: AppResult;
  readonly installation: number;
  /** Tip of main. */
  readonly sha: string;
  readonly asApp: Call;
  readonly asInstallation: Call;
  readonly token: string;
}

export const TEST_PERMISSIONS = {
  actions: 'write',
  checks: 'write',
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
  statuses: 'write',
} as const;

export const TEST_EVENTS = [
  'check_run',
  'check_suite',
  'create',
  'delete',
  'issue_comment',
  'label',
  'pull_request',
  'pull_request_review',
  'push',
  'status',
] as const;

let keyOfTests: string | undefined;

export async function buildWorld(
  on: TestSim,
  options: { webhookUrl?: string; private?: boolean; permissions?: Record<string, string> } = {},
): Promise<World> {
  const { act, apiUrl } = on;
  await act.createUser({ login: 'ada' });
  await act.createUser({ login: 'sam' });
  await act.createOrganization({ login: 'acme' });
  const repo = await act.createRepository({
    owner: 'acme',
    name: 'api',
    files: { 'README.md': 'hello\n', 'src/a.txt': 'one\ntwo\nthree\n' },
    private: options.private ?? false,
  });
  await act.setPermission({ repository: 'acme/api', user: 'ada', permission: 'write' });
  const app = await act.registerApp({
    slug: 'gatehouse',
    permissions: options.permissions ?? TEST_PERMISSIONS,
    events: TEST_EVENTS,
    webhookSecret: 'secret',
    ...(keyOfTests === undefined ? {} : { privateKey: keyOfTests }),
    ...(options.webhookUrl === undefined ? {} : { webhookUrl: options.webhookUrl }),
  });
  keyOfTests = app.privateKey;
  const { id } = await act.installApp({ app: 'gatehouse', owner: 'acme' });
  const asApp = callerWith(apiUrl, appJwt(app));
  const made = await asApp('POST', `/app/installations/${id}/access_tokens`);
  const token: string = made.body.token;
  const asInstallation = callerWith(apiUrl, token);
  return { app, installation: id, sha: repo.sha ?? '', asApp, asInstallation, token };
}

/** A pull request of `ada` from a branch of `acme/api`. */
export async function openBranchPull(
  act: SimActions,
  branch: string,
  files?: Record<string, string>,
) {
  await act.pushCommit({
    repository: 'acme/api',
    user: 'ada',
    branch,
    files: files ?? { [`${branch}.txt`]: `${branch}\n` },
  });
  return act.openPullRequest({ repository: 'acme/api', user: 'ada', head: branch, title: branch });
}

/** One webhook as it arrived. */
export interface ReceivedHook {
  readonly headers: IncomingHttpHeaders;
  readonly event: string;
  readonly isSigned: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into payloads of every shape
  readonly payload: any;
}

/** A receiver of webhooks on this machine. */
export interface HookReceiver extends AsyncDisposable {
  readonly url: string;
  readonly received: ReceivedHook[];
  /** Status of the answers from now on. */
  answerWith(status: number): void;
  /** Names of what arrived, such as `pull_request.opened`. */
  names(): string[];
}

export async function startReceiver(secret = 'secret'): Promise<HookReceiver> {
  const received: ReceivedHook[] = [];
  let status = 202;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const digest = createHmac('sha256', secret).update(body).digest('hex');
      received.push({
        headers: request.headers,
        event: String(request.headers['x-github-event']),
        isSigned: request.headers['x-hub-signature-256'] === `sha256=${digest}`,
        payload: JSON.parse(body.toString('utf8')),
      });
      response.writeHead(status).end('seen');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answerWith(next) {
      status = next;
    },
    names: () =>
      received.map((each) =>
        each.payload.action === undefined ? each.event : `${each.event}.${each.payload.action}`,
      ),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
