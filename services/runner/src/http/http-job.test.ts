import { createHash, createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { LaunchBody } from '@gatehouse/contracts';
import { buildId, type Execution, eventId } from '@gatehouse/model';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { buildOf } from '../testing/builders.ts';
import { externalRunner } from '../testing/external-runner.ts';
import { openWorld, type World } from '../testing/world.ts';
import { httpKey } from './signature.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(async () => {
  vi.useRealTimers();
  await world[Symbol.asyncDispose]();
});

function http(url: string, headers: Record<string, string> = {}): Execution {
  return { kind: 'http', url, headers };
}

const build = buildId('run-0.0');

test('a launch is posted as the contract says, and acceptance is the start', async () => {
  await using runner = await externalRunner();
  const item = await world.storeItem({
    execution: http(`${runner.url}/hook`),
    job: { vars: { depth: 2 }, timeoutMs: 90_000, isVoting: false },
  });

  await world.launch();

  const [request] = runner.requests;
  expect(request).toMatchObject({ method: 'POST', path: '/hook' });
  const body = LaunchBody.parse(JSON.parse(request?.body ?? ''));
  expect(body).toMatchObject({
    build: { id: build, job: 'unit', attempt: 1, voting: false, timeout_s: 90, vars: { depth: 2 } },
    buildset: { id: 'run-0', pipeline: 'check', queue: null },
    change: {
      repository: 'Acme/api',
      number: 7,
      title: 'Say "hello" & more',
      author: 'ada',
      base_ref: 'main',
      head_sha: item.change.headSha,
      ref: 'refs/pull/7/merge',
      sha: item.state?.sha,
    },
    items: [{ repository: 'Acme/api', number: 7, head_sha: item.change.headSha }],
    parent_data: {},
    callback: { url: 'https://gatehouse.example/api/v1/builds/run-0.0' },
  });
  expect(body.change).not.toHaveProperty('old_sha');
  expect(await world.events()).toMatchObject([{ type: 'BuildStarted', hasLog: false }]);
});

test('the signature can be checked with the key that the owner is given', async () => {
  await using runner = await externalRunner();
  await world.storeItem({ execution: http(runner.url) });

  await world.launch();

  const [request] = runner.requests;
  const key = httpKey(world.webhookSecret, 'ACME');
  const expected = createHmac('sha256', key)
    .update(request?.body ?? '')
    .digest('hex');
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(request?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-gatehouse-signature-256': `sha256=${expected}`,
    'x-gatehouse-build': 'run-0.0',
    'x-gatehouse-attempt': '1',
  });
});

test('the token is registered before the request leaves, and only as its hash', async () => {
  let registered: Promise<{ readonly tokenHash: string | null } | null> = Promise.resolve(null);
  await using runner = await externalRunner((response) => {
    registered = world.store.builds.readTicket(build);
    response.writeHead(200).end();
  });
  await world.storeItem({ execution: http(runner.url) });

  await world.launch();

  const { token } = LaunchBody.parse(JSON.parse(runner.requests[0]?.body ?? '')).callback;
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect((await registered)?.tokenHash).toBe(createHash('sha256').update(token).digest('hex'));
  expect(JSON.stringify(world.log.lines)).not.toContain(token);
});

test('an attempt that is launched again has the same token, and another attempt another', async () => {
  await using runner = await externalRunner();
  await world.storeItem({ execution: http(runner.url) });
  // As after dying between the acceptance and its record: the attempt still counts as launched.
  await world.launch();
  await world.launch();

  await world.storeItem({ execution: http(runner.url), build: { attempt: 2, launchedAt: 0 } });
  await world.launch(build, 2);

  const [first, again, second] = runner.requests.map(({ body }) =>
    LaunchBody.parse(JSON.parse(body)),
  );
  expect(again).toEqual(first);
  expect(second?.callback.token).not.toBe(first?.callback.token);
});

test('configured headers are sent, but not over our own', async () => {
  await using runner = await externalRunner();
  await world.storeItem({
    execution: http(`${runner.url}/{change.base_ref}?n={change.number}`, {
      'X-Team': 'core of {change.repository}',
      'X-Gatehouse-Build': 'forged',
      Host: 'elsewhere',
    }),
    item: {},
  });

  await world.launch();

  const [request] = runner.requests;
  expect(request?.path).toBe('/main?n=7');
  expect(request?.headers['x-team']).toBe('core of Acme/api');
  expect(request?.headers['x-gatehouse-build']).toBe('run-0.0');
  expect(request?.headers.host).toMatch(/^127\.0\.0\.1/);
});

test('what parents returned is handed on without what speaks to the service', async () => {
  await using runner = await externalRunner();
  const base = { execution: { kind: 'noop' } as const };
  const first = { data: { a: 1, b: 1, zuul: { log_url: 'x' } }, phase: 'completed' as const };
  await world.storeItem({
    execution: http(runner.url),
    job: { dependencies: [{ name: 'package', isSoft: false }] },
    others: [
      buildOf({ ...base, name: 'compile' }, { ...first, id: buildId('run-0.1') }),
      buildOf(
        { ...base, name: 'package', dependencies: [{ name: 'compile', isSoft: false }] },
        { id: buildId('run-0.2'), data: { b: 2 }, phase: 'completed' },
      ),
      buildOf({ ...base, name: 'other' }, { id: buildId('run-0.3'), data: { c: 3 } }),
    ],
  });

  await world.launch();

  expect(JSON.parse(runner.requests[0]?.body ?? '')).toMatchObject({
    parent_data: { a: 1, b: 2 },
  });
});

test('a run of a ref has no number and says where the ref was', async () => {
  await using runner = await externalRunner();
  const item = await world.storeItem({ execution: http(runner.url) });
  const { repository, isRepositoryPublic, headSha, url } = item.change;
  const ref = { kind: 'ref' as const, ref: 'refs/heads/main', oldSha: null };
  await world.storeItem({
    execution: http(runner.url),
    item: { change: { ...ref, repository, isRepositoryPublic, headSha, url } },
  });

  await world.launch();

  const body = LaunchBody.parse(JSON.parse(runner.requests[0]?.body ?? ''));
  expect(body.change).toMatchObject({
    ...{ number: null, title: null, author: null, base_ref: null },
    ...{ ref: 'refs/heads/main', old_sha: null },
  });
  expect(body.items).toEqual([{ repository, number: null, head_sha: headSha }]);
});

test('a refused launch asks for another attempt', async () => {
  await using runner = await externalRunner((response) => response.writeHead(500).end());
  await world.storeItem({ execution: http(runner.url) });

  await world.launch();

  expect(await world.result()).toMatchObject({
    result: 'RETRY',
    detail: 'the launch failed: answered 500',
  });
});

test('a redirect is not followed', async () => {
  await using runner = await externalRunner((response, { path }) =>
    path === '/' ? response.writeHead(307, { location: '/next' }).end() : response.end(),
  );
  await world.storeItem({ execution: http(runner.url) });

  await world.launch();

  expect(runner.requests).toHaveLength(1);
  expect(await world.result()).toMatchObject({
    detail: 'the launch failed: answered 307: redirects are not followed',
  });
});

test('a server that cannot be reached asks for another attempt', async () => {
  const runner = await externalRunner();
  await runner[Symbol.asyncDispose]();
  await world.storeItem({ execution: http(runner.url) });

  await world.launch();

  expect(await world.result()).toMatchObject({
    result: 'RETRY',
    detail: 'the launch failed: could not be reached: connection refused',
  });
});

test.each([
  ['https://127.0.0.2/', 'address is private and not in GATEHOUSE_HTTP_ALLOW'],
  ['https://[::1]/', 'address is private and not in GATEHOUSE_HTTP_ALLOW'],
  ['https://169.254.169.254/latest', 'address is private and not in GATEHOUSE_HTTP_ALLOW'],
  ['https://0x7f000002/', 'address is private and not in GATEHOUSE_HTTP_ALLOW'],
  ['https://localhost/', 'address is private and not in GATEHOUSE_HTTP_ALLOW'],
  ['http://ci.example.com/', 'the address is not https and not in GATEHOUSE_HTTP_ALLOW'],
  ['file:///etc/passwd', 'file: is not called'],
])('%s is not called', async (url, why) => {
  await world.storeItem({ execution: http(url) });

  await world.launch();

  expect(await world.result()).toMatchObject({
    result: 'RETRY',
    detail: `the launch failed: refused: ${why}`,
  });
});

test('an accepted launch that comes again is not posted again', async () => {
  await using runner = await externalRunner();
  await world.storeItem({ execution: http(runner.url), build: { phase: 'running' } });

  await world.launch();

  expect(runner.requests).toEqual([]);
});

test('a cancellation is posted once, signed, after the build was closed', async () => {
  let closed: Promise<{ readonly isClosed: boolean } | null> = Promise.resolve(null);
  await using runner = await externalRunner((response, { body }) => {
    if (body.includes('cancel')) closed = world.store.builds.readTicket(build);
    response.writeHead(200).end();
  });
  await world.storeItem({ execution: http(`${runner.url}/hook`) });
  await world.launch();

  await world.cancel();

  const [, request, ...others] = runner.requests;
  const key = httpKey(world.webhookSecret, 'acme');
  const expected = createHmac('sha256', key)
    .update(request?.body ?? '')
    .digest('hex');
  expect(others).toEqual([]);
  expect(request?.path).toBe('/hook');
  expect(JSON.parse(request?.body ?? '')).toEqual({ cancel: { build, attempt: 1 } });
  expect(request?.headers['x-gatehouse-signature-256']).toBe(`sha256=${expected}`);
  expect((await closed)?.isClosed).toBe(true);
});

test('a cancellation that is refused is tried once more and then logged', async () => {
  await using runner = await externalRunner((response) => response.writeHead(503).end());
  await world.storeItem({ execution: http(runner.url), build: { phase: 'running' } });

  await world.cancel();

  expect(runner.requests).toHaveLength(2);
  expect(world.log.lines).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      message: 'the external runner did not take a cancellation',
      fields: expect.objectContaining({ why: 'answered 503' }),
    }),
  );
});

test('a launch that was cancelled before it was made is never made', async () => {
  await using runner = await externalRunner();
  await world.storeItem({ execution: { kind: 'noop' } });
  await world.cancel();
  await world.storeItem({ execution: http(runner.url) });

  await world.launch();

  expect(runner.requests).toEqual([]);
});

/** A world where another process takes the cancellation while a launch is on its way. */
function openOvertakenWorld(): Promise<World> {
  return openWorld({
    builds: (register) => ({
      ...register,
      openAttempt: async (attempt) => {
        const answer = await register.openAttempt(attempt);
        await register.closeBuild(attempt.build);
        return answer;
      },
    }),
  });
}

test.each([
  ['is taken', (response: ServerResponse) => response.writeHead(202).end()],
  ['is taken and gets no answer', (response: ServerResponse) => response.destroy()],
])(
  'a launch that a cancellation overtook and that %s is cancelled after it',
  async (_how, take) => {
    await using runner = await externalRunner((response, { body }) => {
      if (body.includes('"cancel"')) response.writeHead(200).end();
      else take(response);
    });
    await using overtaken = await openOvertakenWorld();
    await overtaken.storeItem({ execution: http(runner.url) });

    await overtaken.launch();

    const [launch, cancellation, ...others] = runner.requests.map(({ body }) => JSON.parse(body));
    expect(launch).toMatchObject({ build: { id: build, attempt: 1 } });
    expect(cancellation).toEqual({ cancel: { build, attempt: 1 } });
    expect(others).toEqual([]);
    expect(await overtaken.events()).toEqual([]);
  },
);

test('a runner that is done before it has answered the launch is not told to cancel', async () => {
  await using runner = await externalRunner(async (response, { body }) => {
    const { callback } = LaunchBody.parse(JSON.parse(body));
    const answer = await world.store.builds.acceptResult({
      build,
      attempt: null,
      tokenHash: createHash('sha256').update(callback.token).digest('hex'),
      resultHash: 'hash',
      event: { id: eventId('result'), body: {} },
    });
    response.writeHead(answer === 'accepted' ? 202 : 500).end();
  });
  await world.storeItem({ execution: http(runner.url) });

  await world.launch();

  expect(runner.requests).toHaveLength(1);
  expect((await world.store.builds.readTicket(build))?.hasResult).toBe(true);
});
