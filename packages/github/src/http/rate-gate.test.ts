import { GatehouseError, repositoryKey } from '@gatehouse/model';
import { expect, test, vi } from 'vitest';
import { fakeSha, repositoryBody } from '../test/bodies.ts';
import { api, createHarness, type Harness } from '../test/harness.ts';
import { type StubAnswer, type StubGitHub, startStubGitHub } from '../test/stub-github.ts';
import { createRateGates } from './rate-gate.ts';

const repo = 'GET /repos/acme/api';
const pull = 'GET /repos/acme/api/pulls/7';
const deliveries = 'GET /app/hook/deliveries';
const otherRepo = 'GET /repos/other/web';
const otherTokens = 'POST /app/installations/22/access_tokens';
const other = repositoryKey('other/web');
const rateLimited = { code: 'GATE_GITHUB_RATE_LIMITED' };

/** Octokit knows this kind by its words, and waits by itself when it is short. */
function secondaryLimit(seconds: number): StubAnswer {
  return {
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: { message: 'You have exceeded a secondary rate limit.' },
  };
}

/** Octokit does not know this kind: it is an error at once. */
function plainLimit(seconds: number): StubAnswer {
  return { ...secondaryLimit(seconds), body: { message: 'Too many requests' } };
}

function limitFor(retryAfterMs: number): GatehouseError {
  return new GatehouseError('GATE_GITHUB_RATE_LIMITED', 'limited', { retryAfterMs });
}

/** A second account with the App, beside `acme`. */
function addOtherInstallation(stub: StubGitHub): void {
  stub.on(`${otherRepo}/installation`, { body: { id: 22, suspended_at: null } });
  stub.on(otherTokens, freshToken);
  stub.on(otherRepo, { body: repositoryBody({ full_name: 'other/web' }) });
}

function freshToken(): StubAnswer {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  return { status: 201, body: { token: 'ghs_2', expires_at: expiresAt } };
}

/** Octokit has a refusal in its hands, and waits or has given up. */
async function refusalSeen({ github, observed }: Harness): Promise<void> {
  const refused = () => expect(observed.map(({ status }) => status)).toContain(429);
  await vi.waitFor(refused, { timeout: 20_000 });
  // The answer is read in the same turn or the next; this one takes many. The budget is another.
  await github.connect();
}

test('nobody goes while a refused request waits inside octokit', async () => {
  await using stub = await startStubGitHub();
  let refusedAt = 0;
  let early = 0;
  stub.on(repo, () => {
    if (refusedAt === 0) {
      refusedAt = Date.now();
      return secondaryLimit(1);
    }
    if (Date.now() - refusedAt < 990) early += 1;
    return { body: repositoryBody() };
  });
  const harness = createHarness({ apiUrl: stub.url });
  const refused = harness.github.readRepository(api);
  await refusalSeen(harness);

  const others = Array.from({ length: 8 }, () => harness.github.readRepository(api));

  for (const facts of await Promise.all([refused, ...others])) {
    expect(facts?.repository).toBe('acme/api');
  }
  expect(early).toBe(0);
});

test("octokit's further try waits, too, while another's limit lasts longer", async () => {
  await using stub = await startStubGitHub();
  const longer = stub.hold(pull);
  const shorter = stub.hold(repo);
  const { github } = createHarness({ apiUrl: stub.url });
  const refusals = [github.readChange(api, 7), github.readRepository(api)];
  await Promise.all([longer.arrived, shorter.arrived]);
  longer.answer(secondaryLimit(600));
  await expect(refusals[0]).rejects.toMatchObject(rateLimited);

  shorter.answer(secondaryLimit(1));

  await expect(refusals[1]).rejects.toMatchObject(rateLimited);
  expect(stub.asked(repo)).toHaveLength(1);
});

test('octokit does not wait as well when the request waited long enough at the gate', async () => {
  await using stub = await startStubGitHub();
  const answers = [plainLimit(1), secondaryLimit(1)];
  stub.on(repo, () => answers.shift() ?? { body: repositoryBody() });
  // A clock that stands still, so that however slow the machine is, the wait is a second.
  const clock = { now: () => 0 };
  const limits = { rateLimitWaitMaxMs: 1500 };
  const { github } = createHarness({ apiUrl: stub.url, clock, limits });
  await expect(github.readRepository(api)).rejects.toMatchObject({ retryAfterMs: 1000 });

  const waiting = github.readRepository(api);

  await expect(waiting).rejects.toMatchObject({ ...rateLimited, retryAfterMs: 1000 });
  expect(stub.asked(repo)).toHaveLength(2);
});

test('what queues while a limit begins is not sent', async () => {
  await using stub = await startStubGitHub();
  const sha = fakeSha('head');
  const statuses = `POST /repos/acme/api/statuses/${sha}`;
  stub.on(repo, { body: repositoryBody() });
  const refusal = Promise.withResolvers<StubAnswer>();
  stub.on(statuses, () => refusal.promise);
  const harness = createHarness({ apiUrl: stub.url });
  await harness.github.readRepository(api);
  const content = { context: 'c', description: 'd', targetUrl: 'https://x.example' };
  const write = () => harness.github.createStatus(api, sha, { state: 'pending', ...content });

  // Octokit has ten of an installation under way at once.
  const writing = Promise.allSettled(Array.from({ length: 11 }, write));
  await vi.waitFor(() => expect(stub.asked(statuses)).toHaveLength(10), { timeout: 20_000 });
  refusal.resolve(secondaryLimit(600));

  for (const written of await writing) expect(written).toMatchObject({ reason: rateLimited });
  expect(stub.asked(statuses)).toHaveLength(10);
});

test('a limit is remembered longer than the installation that it is for', async () => {
  await using stub = await startStubGitHub();
  stub.on(repo, secondaryLimit(600));
  const { github } = createHarness({ apiUrl: stub.url });
  await expect(github.readRepository(api)).rejects.toMatchObject(rateLimited);

  github.forgetAccount('acme');

  await expect(github.readRepository(api)).rejects.toMatchObject(rateLimited);
  expect(stub.asked(repo)).toHaveLength(1);
});

test("a limit on one installation's tokens stops nobody else", async () => {
  await using stub = await startStubGitHub();
  addOtherInstallation(stub);
  stub.on(otherTokens, plainLimit(600));
  stub.on(repo, { body: repositoryBody() });
  const { github } = createHarness({ apiUrl: stub.url });
  await expect(github.readRepository(other)).rejects.toMatchObject(rateLimited);

  expect(await github.readRepository(api)).toMatchObject({ repository: 'acme/api' });
  await expect(github.openCheckout(api)).resolves.toBeDefined();
  await expect(github.connect()).resolves.toBeDefined();
  await expect(github.readRepository(other)).rejects.toMatchObject(rateLimited);
  expect(stub.asked(otherTokens)).toHaveLength(1);
});

test('a limit on healing stops neither searches nor tokens', async () => {
  await using stub = await startStubGitHub();
  stub.on(deliveries, plainLimit(600));
  stub.on(repo, { body: repositoryBody() });
  const { github } = createHarness({ apiUrl: stub.url });
  const heal = () => github.listFailed(0)[Symbol.asyncIterator]().next();
  await expect(heal()).rejects.toMatchObject(rateLimited);

  expect(await github.readRepository(api)).toMatchObject({ repository: 'acme/api' });
  await expect(heal()).rejects.toMatchObject(rateLimited);
  await expect(github.connect()).rejects.toMatchObject(rateLimited);
  expect(stub.asked(deliveries)).toHaveLength(1);
  expect(stub.asked('GET /app')).toEqual([]);
});

test('a limit on one search holds back every search', async () => {
  await using stub = await startStubGitHub();
  addOtherInstallation(stub);
  stub.on(`${otherRepo}/installation`, plainLimit(600));
  const { github } = createHarness({ apiUrl: stub.url });
  await expect(github.readRepository(other)).rejects.toMatchObject(rateLimited);

  await expect(github.readRepository(api)).rejects.toMatchObject(rateLimited);

  expect(stub.asked(`${repo}/installation`)).toEqual([]);
});

test('a request does not wait again for what its token has waited for', async () => {
  await using stub = await startStubGitHub();
  const tokens = 'POST /app/installations/11/access_tokens';
  stub.on(tokens, secondaryLimit(1));
  stub.on(repo, { body: repositoryBody() });
  const { github } = createHarness({ apiUrl: stub.url });

  // The probe for the version is a request of its own.
  await expect(github.readRepository(api)).rejects.toMatchObject(rateLimited);

  expect(stub.asked(tokens)).toHaveLength(4);
});

test("a checkout does not queue behind another installation's token", async () => {
  await using stub = await startStubGitHub();
  addOtherInstallation(stub);
  stub.on(repo, { body: repositoryBody() });
  const limits = { requestTimeoutMs: 600_000 };
  const { github } = createHarness({ apiUrl: stub.url, limits });
  await github.readRepository(other);
  const held = stub.hold(otherTokens);
  const waiting = github.openCheckout(other);
  await held.arrived;

  await expect(github.openCheckout(api)).resolves.toBeDefined();

  held.answer(freshToken());
  await waiting;
});

test('who waits at the gate looks again whether the limit was prolonged', async () => {
  let now = 0;
  const gates = createRateGates({ now: () => now }, 60_000);
  gates.approach('a').shutFor(limitFor(20));
  const passing = gates.approach('a').pass();

  now = 20;
  gates.approach('a').shutFor(limitFor(600_000));

  await expect(passing).rejects.toMatchObject({ ...rateLimited, retryAfterMs: 600_000 });
});

test('a request does not wait longer in pieces than it may at once', async () => {
  let now = 0;
  const gates = createRateGates({ now: () => now }, 30);
  gates.approach('a').shutFor(limitFor(20));
  const passing = gates.approach('a').pass();

  now = 20;
  gates.approach('a').shutFor(limitFor(20));

  await expect(passing).rejects.toMatchObject({ ...rateLimited, retryAfterMs: 20 });
});

test('who was held back elsewhere does not wait for the same limit again', async () => {
  const gates = createRateGates({ now: () => 1000 }, 500);
  const refused = gates.approach('a');

  refused.shutFor(limitFor(500));
  const mayWait = refused.mayBeHeldFor(500);

  expect(mayWait).toBe(true);
  await expect(refused.pass()).resolves.toBeUndefined();
  await expect(gates.approach('b').pass()).resolves.toBeUndefined();
});

test('time that a request is held back elsewhere is not left for the gate', async () => {
  let now = 0;
  const gates = createRateGates({ now: () => now }, 500);
  const refused = gates.approach('a');
  refused.mayBeHeldFor(400);

  now = 400;
  refused.shutFor(limitFor(200));

  expect(refused.mayBeHeldFor(200)).toBe(false);
  await expect(refused.pass()).rejects.toMatchObject({ ...rateLimited, retryAfterMs: 200 });
});
