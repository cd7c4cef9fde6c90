/** A whole simulated GitHub with the App on it, and a receiver for its webhooks. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createGithubSim, type GithubSim } from '@gatehouse/github-sim';
import type { Json } from '@gatehouse/model';
import { type CommitSha, commitSha, type RepositoryKey, repositoryKey } from '@gatehouse/model';
import type { Notice } from '@gatehouse/ports';
import { createHarness, type Harness } from './harness.ts';

export interface World extends Harness {
  readonly sim: GithubSim;
  readonly app: string;
  readonly installation: number;
  /** What the App was told so far, as it reads it, oldest first; ignored ones too. */
  notices(): readonly Notice[];
  /** From now on the receiver answers with this status. */
  receiveWith(status: number): void;
  /** A fresh repository `acme/NAME` whose `main` holds `files`, with `ada` as a writer. */
  repository(name: string, files?: Readonly<Record<string, string>>): Promise<RepositoryKey>;
  /** A change that adds a file, from a branch of the repository itself. */
  change(repository: RepositoryKey, branch: string): Promise<OpenedChange>;
  /** A second adapter that remembers nothing of the first. */
  another(): Harness;
  /** The adapter of another App on `acme`. */
  appWith(slug: string, permissions: Readonly<Record<string, string>>): Promise<Harness>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface OpenedChange {
  readonly number: number;
  readonly headSha: CommitSha;
}

const permissions = {
  checks: 'write',
  statuses: 'write',
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  metadata: 'read',
} as const;
const events = [
  'check_run',
  'check_suite',
  'issue_comment',
  'pull_request',
  'pull_request_review',
  'push',
  'status',
];

export async function startWorld(): Promise<World> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'github-adapter-'));
  const receiver = await startReceiver();
  const sim = createGithubSim({ dataDir, mergeabilityDelayMs: 5 });
  const { apiUrl } = await sim.start();
  const app = await sim.act.registerApp({
    slug: 'gatehouse',
    permissions,
    events,
    webhookUrl: receiver.url,
  });
  await sim.act.createOrganization({ login: 'acme' });
  for (const login of ['ada', 'bob', 'eve']) await sim.act.createUser({ login });
  const { id: installation } = await sim.act.installApp({ app: app.slug, owner: 'acme' });
  const another = (): Harness =>
    createHarness({ apiUrl, appId: app.id, privateKey: app.privateKey });
  const harness = another();
  await harness.github.connect();

  return {
    ...harness,
    sim,
    app: app.slug,
    installation,
    another,
    receiveWith: receiver.answerWith,
    async appWith(slug, allowed) {
      const other = await sim.act.registerApp({ slug, permissions: allowed, events: [] });
      await sim.act.installApp({ app: slug, owner: 'acme' });
      return createHarness({ apiUrl, appId: other.id, privateKey: other.privateKey });
    },
    notices: () =>
      receiver.received.map(({ event, payload }) => harness.github.readDelivery(event, payload)),
    async repository(name, files = {}) {
      const repository = `acme/${name}`;
      await sim.act.createRepository({
        owner: 'acme',
        name,
        files: { 'README.md': 'hello\n', ...files },
      });
      for (const user of ['ada', 'bob']) {
        await sim.act.setPermission({ repository, user, permission: 'write' });
      }
      return repositoryKey(repository);
    },
    async change(repository, branch) {
      const files = { [`${branch}.txt`]: `${branch}\n` };
      await sim.act.pushCommit({ repository, branch, user: 'ada', files });
      const pull = { repository, user: 'ada', head: branch, title: `Add ${branch}` };
      const { number, headSha } = await sim.act.openPullRequest(pull);
      return { number, headSha: commitSha(headSha) };
    },
    async [Symbol.asyncDispose]() {
      await sim.stop();
      await receiver.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

interface Receiver {
  readonly url: string;
  readonly received: { readonly event: string; readonly payload: Json }[];
  answerWith(status: number): void;
  close(): Promise<void>;
}

async function startReceiver(): Promise<Receiver> {
  const received: { event: string; payload: Json }[] = [];
  let status = 202;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const payload: Json = JSON.parse(Buffer.concat(parts).toString());
      received.push({ event: String(request.headers['x-github-event']), payload });
      response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server has a port
  return {
    url: `http://127.0.0.1:${port}/webhooks/github`,
    received,
    answerWith: (next) => {
      status = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
