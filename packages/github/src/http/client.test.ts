import { repositoryKey } from '@gatehouse/model';
import { expect, test } from 'vitest';
import { fakeSha, pullBody, repositoryBody } from '../test/bodies.ts';
import { api, createHarness, createMemoryCache, systemClock } from '../test/harness.ts';
import { startStubGitHub } from '../test/stub-github.ts';

const repo = 'GET /repos/acme/api';

test('what was read once is asked for with its validator, and 304 gives the same', async () => {
  await using stub = await startStubGitHub();
  stub.on(repo, ({ headers }) =>
    headers['if-none-match'] === '"v1"'
      ? { status: 304, headers: { etag: '"v1"' } }
      : { body: repositoryBody(), headers: { etag: '"v1"' } },
  );
  const { github, observed } = createHarness({ apiUrl: stub.url });

  const first = await github.readRepository(api);
  const second = await github.readRepository(api);

  expect(second).toEqual(first);
  expect(observed.at(-1)).toMatchObject({ route: '/repos/{owner}/{repo}', status: 304 });
});

test('only fields that are used are kept, for a day', async () => {
  await using stub = await startStubGitHub();
  stub.on(repo, { body: repositoryBody({ description: 'long' }), headers: { etag: '"v1"' } });
  const { github, cache } = createHarness({ apiUrl: stub.url });

  await github.readRepository(api);

  const [entry] = cache.entries.values();
  expect(entry?.value).not.toContain('long');
  expect(entry?.timeToLiveMs).toBe(86_400_000);
});

test('an entry that cannot be read any more counts as absent', async () => {
  await using stub = await startStubGitHub();
  stub.on(repo, { body: repositoryBody(), headers: { etag: '"v1"' } });
  const { github, cache } = createHarness({ apiUrl: stub.url });
  await github.readRepository(api);
  for (const key of cache.entries.keys()) await cache.set(key, '{"half', 1000);

  const facts = await github.readRepository(api);

  expect(facts?.defaultBranch).toBe('main');
  expect(stub.asked(repo).at(-1)?.headers['if-none-match']).toBeUndefined();
});

test('a read is repeated after a failure and after a body that broke off', async () => {
  await using stub = await startStubGitHub();
  const answers = [
    { status: 503, body: { message: 'busy' } },
    { body: repositoryBody(), cut: 'within' as const },
    { body: repositoryBody() },
  ];
  stub.on(repo, () => answers.shift() ?? {});
  const { github, observed } = createHarness({ apiUrl: stub.url });

  const facts = await github.readRepository(api);

  expect(facts?.repository).toBe('acme/api');
  expect(observed.slice(-3).map(({ status }) => status)).toEqual([503, null, 200]);
});

test('a read that keeps failing ends after its tries', async () => {
  await using stub = await startStubGitHub();
  stub.on(repo, { status: 500, body: { message: 'broken' } });
  const { github } = createHarness({ apiUrl: stub.url });

  await expect(github.readRepository(api)).rejects.toMatchObject({
    code: 'GATE_GITHUB_UNAVAILABLE',
  });
  expect(stub.asked(repo)).toHaveLength(3);
});

test('a write whose answer was lost is not repeated', async () => {
  await using stub = await startStubGitHub();
  const merges = 'POST /repos/acme/api/merges';
  stub.on(merges, { status: 201, body: { sha: fakeSha('merge') }, cut: 'within' });
  const { github } = createHarness({ apiUrl: stub.url });

  const merging = github.mergeInto(api, 'x', { headSha: fakeSha('h'), message: 'm' });

  await expect(merging).rejects.toMatchObject({ code: 'GATE_GITHUB_UNAVAILABLE' });
  expect(stub.asked(merges)).toHaveLength(1);
});

test('an answer that does not come is given up', async () => {
  await using stub = await startStubGitHub();
  stub.on(repo, { isSilent: true });
  const limits = { requestTimeoutMs: 50, retriesMax: 0 };
  const { github } = createHarness({ apiUrl: stub.url, limits });

  await expect(github.readRepository(api)).rejects.toMatchObject({
    code: 'GATE_GITHUB_UNAVAILABLE',
  });
});

test('a renamed repository is followed, a write stays a write', async () => {
  await using stub = await startStubGitHub();
  const sha = fakeSha('head');
  stub.on(`POST /repos/acme/api/statuses/${sha}`, (_request, url) => ({
    status: 307,
    headers: { location: `${url}/repositories/77/statuses/${sha}` },
  }));
  stub.on(`POST /repositories/77/statuses/${sha}`, { status: 201 });
  const { github } = createHarness({ apiUrl: stub.url });

  const content = { context: 'gatehouse/check', description: 'ok', targetUrl: 'https://x.example' };
  await github.createStatus(api, sha, { state: 'success', ...content });

  const [followed] = stub.asked(`POST /repositories/77/statuses/${sha}`);
  expect(followed?.body).toMatchObject({ state: 'success', context: 'gatehouse/check' });
});

test('the token is not carried to another host', async () => {
  await using stub = await startStubGitHub();
  await using other = await startStubGitHub();
  stub.on(repo, { status: 301, headers: { location: `${other.url}/repos/acme/api` } });
  const { github } = createHarness({ apiUrl: stub.url, limits: { retriesMax: 0 } });

  await expect(github.readRepository(api)).rejects.toMatchObject({
    code: 'GATE_GITHUB_UNAVAILABLE',
  });
  expect(other.requests).toEqual([]);
});

test('the newest API version is asked for where the server has it, and probed for once', async () => {
  await using stub = await startStubGitHub();
  stub.on(repo, { body: repositoryBody() });
  const { github } = createHarness({ apiUrl: stub.url });

  await github.readRepository(api);
  await github.readRepository(api);

  expect(stub.asked('GET /versions')).toHaveLength(1);
  const asked = stub.asked(repo).map(({ headers }) => headers['x-github-api-version']);
  expect(asked).toEqual(['2026-03-10', '2026-03-10']);
});

test('only who probes for the API version waits for the answer', async () => {
  await using stub = await startStubGitHub();
  const probe = stub.hold('GET /versions');
  stub.on(repo, { body: repositoryBody() });
  const limits = { requestTimeoutMs: 600_000 };
  const { github } = createHarness({ apiUrl: stub.url, limits });
  const probing = github.readRepository(api);
  await probe.arrived;

  await github.readRepository(api);
  probe.answer({ body: ['2022-11-28', '2026-03-10'] });
  await probing;

  expect(stub.asked('GET /versions')).toHaveLength(1);
  const asked = stub.asked(repo).map(({ headers }) => headers['x-github-api-version']);
  expect(asked).toEqual(['2022-11-28', '2026-03-10']);
});

test('an answer is kept under the API version that it was asked with', async () => {
  await using stub = await startStubGitHub();
  const probe = stub.hold('GET /versions');
  stub.on(repo, { body: repositoryBody(), headers: { etag: '"v1"' } });
  const memory = createMemoryCache();
  const recall = Promise.withResolvers<void>();
  const recalled = Promise.withResolvers<void>();
  const get = async (key: string): Promise<string | null> => {
    if (key.includes('2022-11-28')) {
      recall.resolve();
      await recalled.promise;
    }
    return memory.get(key);
  };
  const { github } = createHarness({ apiUrl: stub.url, cache: { ...memory, get } });
  const probing = github.readRepository(api);
  await probe.arrived;
  const reading = github.readRepository(api);
  await recall.promise;

  probe.answer({ body: ['2022-11-28', '2026-03-10'] });
  await probing;
  recalled.resolve();
  await reading;

  const asked = stub.asked(repo).map(({ headers }) => headers['x-github-api-version']);
  expect(asked).toEqual(['2026-03-10', '2022-11-28']);
});

test.each([404, 400])(
  'a server that answers %i to the probe is spoken to as before',
  async (status) => {
    await using stub = await startStubGitHub();
    stub.on('GET /versions', { status, body: { message: 'no' } });
    stub.on(repo, { body: repositoryBody() });
    const { github } = createHarness({ apiUrl: stub.url });

    await github.readRepository(api);
    await github.readRepository(api);

    expect(stub.asked('GET /versions')).toHaveLength(1);
    expect(stub.asked(repo)[0]?.headers['x-github-api-version']).toBe('2022-11-28');
  },
);

test('a probe that failed is tried again later, and holds nothing up', async () => {
  await using stub = await startStubGitHub();
  stub.on('GET /versions', { status: 502, body: { message: 'busy' } });
  stub.on(repo, { body: repositoryBody() });
  let now = systemClock.now();
  const { github } = createHarness({ apiUrl: stub.url, clock: { now: () => now } });

  await github.readRepository(api);
  await github.readRepository(api);
  stub.on('GET /versions', { body: ['2022-11-28', '2026-03-10'] });
  now += 61_000;
  await github.readRepository(api);

  expect(stub.asked('GET /versions')).toHaveLength(2);
  expect(stub.asked(repo).map(({ headers }) => headers['x-github-api-version'])).toEqual([
    '2022-11-28',
    '2022-11-28',
    '2026-03-10',
  ]);
});

test('a short limit is waited for', async () => {
  await using stub = await startStubGitHub();
  const answers = [
    { status: 429, headers: { 'retry-after': '1' }, body: { message: 'secondary rate limit' } },
    { body: repositoryBody() },
  ];
  stub.on(repo, () => answers.shift() ?? {});
  const { github } = createHarness({ apiUrl: stub.url });

  const facts = await github.readRepository(api);

  expect(facts?.repository).toBe('acme/api');
});

test('while a long limit lasts nothing is asked', async () => {
  await using stub = await startStubGitHub();
  stub.on(repo, {
    status: 429,
    headers: { 'retry-after': '600' },
    body: { message: 'You have exceeded a secondary rate limit.' },
  });
  const { github } = createHarness({ apiUrl: stub.url });

  await expect(github.readRepository(api)).rejects.toMatchObject({ retryAfterMs: 600_000 });
  await expect(github.readRepository(api)).rejects.toMatchObject({
    code: 'GATE_GITHUB_RATE_LIMITED',
  });

  expect(stub.asked(repo)).toHaveLength(1);
});

test('writes beyond the burst keep to the pace', async () => {
  await using stub = await startStubGitHub();
  const sha = fakeSha('head');
  stub.on(`POST /repos/acme/api/statuses/${sha}`, { status: 201 });
  const limits = { writeBurst: 2, writesPerSecond: 1 };
  const { github } = createHarness({ apiUrl: stub.url, limits });
  const content = { context: 'c', description: 'd', targetUrl: 'https://x.example' };
  const write = () => github.createStatus(api, sha, { state: 'pending', ...content });

  await Promise.all([write(), write()]);
  const startedAt = Date.now();
  await write();

  expect(Date.now() - startedAt).toBeGreaterThan(500);
});

test('a delivery travels on the requests and the log lines that it causes', async () => {
  await using stub = await startStubGitHub();
  stub.on('GET /repos/acme/api/pulls/7', { body: pullBody() });
  const { github, lines } = createHarness({ apiUrl: stub.url, delivery: 'd-1' });

  await github.readChange(api, 7);

  const sent = new Set(stub.requests.map(({ headers }) => headers['x-github-delivery']));
  const logged = lines.map(({ fields }) => fields);
  expect([...sent]).toEqual(['d-1']);
  expect(logged.length).toBeGreaterThan(0);
  for (const fields of logged) expect(fields).toMatchObject({ delivery_id: 'd-1' });
});

test('no log line carries a token', async () => {
  await using stub = await startStubGitHub();
  stub.on('GET /repos/acme/api/pulls/7', { body: pullBody() });
  const { github, lines } = createHarness({ apiUrl: stub.url });

  await github.readChange(api, 7);

  expect(JSON.stringify(lines)).not.toMatch(/ghs_|eyJ/);
});

test('one token and one look-up serve all repositories of an owner', async () => {
  await using stub = await startStubGitHub();
  stub.on(repo, { body: repositoryBody() });
  stub.on('GET /repos/acme/web', { body: repositoryBody({ full_name: 'acme/web' }) });
  const { github } = createHarness({ apiUrl: stub.url });

  await github.readRepository(api);
  await github.readRepository(repositoryKey('acme/web'));

  expect(stub.asked('POST /app/installations/11/access_tokens')).toHaveLength(1);
  expect(stub.asked('GET /repos/acme/web/installation')).toEqual([]);
});

test('an installation that is gone is looked for anew', async () => {
  await using stub = await startStubGitHub();
  const gone = { status: 404, body: { message: 'Not Found' } };
  stub.on('POST /app/installations/11/access_tokens', gone);
  const { github } = createHarness({ apiUrl: stub.url });
  await expect(github.readRepository(api)).rejects.toMatchObject({
    code: 'GATE_GITHUB_NOT_FOUND',
  });
  stub.on('GET /repos/acme/api/installation', gone);

  const facts = await github.readRepository(api);

  expect(facts).toBeNull();
});

test('a missing installation is not asked for again at once', async () => {
  await using stub = await startStubGitHub();
  stub.on('GET /repos/acme/api/installation', { status: 404, body: { message: 'Not Found' } });
  let now = systemClock.now();
  const { github } = createHarness({ apiUrl: stub.url, clock: { now: () => now } });

  await github.readRepository(api);
  await github.readRepository(api);
  now += 11_000;
  await github.readRepository(api);

  expect(stub.asked('GET /repos/acme/api/installation')).toHaveLength(2);
});
