import { GatehouseError } from '@gatehouse/model';
import { expect, test, vi } from 'vitest';
import { fakeSha, repositoryBody } from '../test/bodies.ts';
import { api, createHarness, type Harness } from '../test/harness.ts';
import { type StubAnswer, startStubGitHub } from '../test/stub-github.ts';
import { createRateGates } from './rate-gate.ts';

const repo = 'GET /repos/acme/api';
const pull = 'GET /repos/acme/api/pulls/7';
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

/** Octokit has a refusal in its hands, and waits or has given up. */
async function refusalSeen({ github, observed }: Harness): Promise<void> {
  await vi.waitFor(() => expect(observed.map(({ status }) => status)).toContain(429));
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

test('a request that waited looks again whether the limit was prolonged', async () => {
  await using stub = await startStubGitHub();
  const underWay = stub.hold(pull);
  stub.on(repo, plainLimit(2));
  const { github } = createHarness({ apiUrl: stub.url });
  const prolonging = github.readChange(api, 7);
  await underWay.arrived;
  await expect(github.readRepository(api)).rejects.toMatchObject({ retryAfterMs: 2000 });
  const waiting = github.readRepository(api);

  underWay.answer(secondaryLimit(600));

  await expect(prolonging).rejects.toMatchObject(rateLimited);
  await expect(waiting).rejects.toMatchObject(rateLimited);
  expect(stub.asked(repo)).toHaveLength(1);
});

test("octokit's further try waits, too, when the limit was prolonged", async () => {
  await using stub = await startStubGitHub();
  const underWay = stub.hold(pull);
  stub.on(repo, secondaryLimit(2));
  const harness = createHarness({ apiUrl: stub.url });
  const prolonging = harness.github.readChange(api, 7);
  await underWay.arrived;
  const refused = harness.github.readRepository(api);
  await refusalSeen(harness);

  underWay.answer(secondaryLimit(600));

  await expect(prolonging).rejects.toMatchObject(rateLimited);
  await expect(refused).rejects.toMatchObject(rateLimited);
  expect(stub.asked(repo)).toHaveLength(1);
});

test('a write that queues for its pace while a limit begins is not sent', async () => {
  await using stub = await startStubGitHub();
  const sha = fakeSha('head');
  const statuses = `POST /repos/acme/api/statuses/${sha}`;
  stub.on(repo, { body: repositoryBody() });
  stub.on(statuses, secondaryLimit(600));
  const limits = { writeBurst: 1, writesPerSecond: 0.5 };
  const { github } = createHarness({ apiUrl: stub.url, limits });
  await github.readRepository(api);
  const content = { context: 'c', description: 'd', targetUrl: 'https://x.example' };
  const write = () => github.createStatus(api, sha, { state: 'pending', ...content });

  const written = await Promise.allSettled([write(), write()]);

  expect(written).toMatchObject([{ reason: rateLimited }, { reason: rateLimited }]);
  expect(stub.asked(statuses)).toHaveLength(1);
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

test("a limit on tokens is one of the App's own requests", async () => {
  await using stub = await startStubGitHub();
  stub.on('POST /app/installations/11/access_tokens', secondaryLimit(600));
  const { github } = createHarness({ apiUrl: stub.url });
  await expect(github.readRepository(api)).rejects.toMatchObject(rateLimited);

  await expect(github.connect()).rejects.toMatchObject(rateLimited);

  expect(stub.asked('GET /app')).toEqual([]);
});

test('a request does not wait longer in pieces than it may at once', async () => {
  let now = 0;
  const gates = createRateGates({ now: () => now }, 30);
  gates.approach(11).shutFor(limitFor(20));
  const passing = gates.approach(11).pass();

  now = 20;
  gates.approach(11).shutFor(limitFor(20));

  await expect(passing).rejects.toMatchObject({ ...rateLimited, retryAfterMs: 20 });
});

test('who was held back elsewhere does not wait for the same limit again', async () => {
  const gates = createRateGates({ now: () => 1000 }, 0);
  const refused = gates.approach(11);

  refused.shutFor(limitFor(500));
  refused.isHeldFor(500);

  await expect(refused.pass()).resolves.toBeUndefined();
  await expect(gates.approach(11).pass()).rejects.toMatchObject({ retryAfterMs: 500 });
  await expect(gates.approach(12).pass()).resolves.toBeUndefined();
});
