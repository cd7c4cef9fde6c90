import { buildId, type Reason, repositoryKey, tenantOf } from '@gatehouse/model';
import { fakeClock, type MemoryStore, memoryStore, recordingLog } from '@gatehouse/testkit';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../http/security-headers.ts';
import { build, change, item, START } from '../testing/items.ts';
import {
  ADMIN_TOKEN,
  type Overrides,
  storeItems,
  type WebUnderTest,
  webUnderTest,
} from '../testing/web-under-test.ts';

const signedIn = { authorization: `Bearer ${ADMIN_TOKEN}` };
const SCRIPT = '<script>alert("x")</script>';
let store: MemoryStore;

beforeEach(() => {
  store = memoryStore();
});

test('a stranger gets the sign-in page, with 200, wherever there might be something', async () => {
  const web = await start();
  await storeItems(store.tenants, item());

  const pages = await Promise.all(
    ['/', '/buildsets/run-1', '/buildsets/run-9', '/builds/run-1.0'].map((url) =>
      web.app.inject(url),
    ),
  );

  for (const page of pages) {
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('<label for="token">');
    expect(page.body).not.toContain('acme');
  }
});

test('on a public dashboard a private run looks like one that does not exist', async () => {
  const web = await start({ settings: { isPublicDashboard: true } });
  const hidden = change({ isRepositoryPublic: false, title: 'Secret plan' });
  await storeItems(store.tenants, item({ change: hidden }));

  const [front, details, unknown] = await Promise.all([
    web.app.inject('/'),
    web.app.inject('/buildsets/run-1'),
    web.app.inject('/buildsets/run-9'),
  ]);

  expect(front?.body).not.toMatch(/acme|Secret/);
  expect(details?.statusCode).toBe(200);
  expect(details?.body.replaceAll('run-1', 'run-9')).toBe(unknown?.body);
});

test('on a public dashboard a public run is shown to strangers', async () => {
  const web = await start({ settings: { isPublicDashboard: true } });
  await storeItems(store.tenants, item());

  const [front, details] = await Promise.all([
    web.app.inject('/'),
    web.app.inject('/buildsets/run-1'),
  ]);

  expect(front?.body).toContain('acme/api#7');
  expect(details?.body).toContain('Make it faster');
});

test('whoever is signed in gets 404 for what does not exist', async () => {
  const web = await start();

  const pages = await Promise.all(
    ['/buildsets/run-9', '/builds/run-9.0', '/nothing'].map((url) =>
      web.app.inject({ url, headers: signedIn }),
    ),
  );

  expect(pages.map((page) => page.statusCode)).toEqual([404, 404, 404]);
  expect(pages.every((page) => page.body.includes('<h1>Not found</h1>'))).toBe(true);
});

test('the front page says something helpful when nothing runs', async () => {
  const web = await start({ settings: { isPublicDashboard: true } });

  const page = await web.app.inject('/');

  expect(page.body).toContain('Nothing is running.');
  expect(page.body).toContain('Open a pull request');
});

test('the front page lists live runs by pipeline, and finished ones where the store has them', async () => {
  const verdict = { outcome: 'success', reasons: [] } as const;
  const done = item({ id: 'run-2', phase: 'completed', verdict, completedAt: START + 65_000 });
  const web = await start({ recentBuildsets: async () => [done.buildset] });
  await storeItems(store.tenants, item(), done);

  const page = await web.app.inject({ url: '/', headers: signedIn });

  expect(page.body).toContain('<h2>check <small>acme · 1 run</small></h2>');
  expect(page.body).toContain('0 of 1 jobs done');
  expect(page.body).toContain('Recently finished');
  expect(page.body).toContain('All jobs passed');
});

test('the page of a run tells verdict, reasons and jobs in words', async () => {
  const web = await start();
  const reasons: Reason[] = [{ code: 'job-failed', subject: 'unit', seen: 'TIMED_OUT' }];
  const builds = [
    build({
      id: buildId('run-1.0'),
      phase: 'completed',
      result: 'TIMED_OUT',
      completedAt: START + 125_000,
      attempt: 2,
    }),
    build({
      id: buildId('run-1.1'),
      name: 'lint',
      phase: 'completed',
      result: 'SUCCESS',
      hasLog: false,
      logUrl: 'https://ci.example.com/lint',
      completedAt: START + 4000,
    }),
  ];
  const verdict = { outcome: 'timed-out', reasons } as const;
  await storeItems(store.tenants, item({ phase: 'completed', verdict, builds }));

  const page = await web.app.inject({ url: '/buildsets/run-1', headers: signedIn });

  expect(page.body).toContain('<span class="badge bad">Timed out</span>');
  expect(page.body).toContain('<li>Job unit timed out.</li>');
  expect(page.body).toContain('2 min 05 s');
  expect(page.body).toContain('try 2 of 3');
  expect(page.body).toContain('<a href="/builds/run-1.0">Log</a>');
  expect(page.body).toContain('<a href="https://ci.example.com/lint" rel="noopener noreferrer">');
  expect(page.body).not.toContain('http-equiv="refresh"');
});

test('a configuration error is shown at its place with its remedy', async () => {
  const web = await start();
  const problem = {
    level: 'error',
    code: 'unknown-key',
    message: 'jbos is not known',
    remedy: 'write jobs',
    repository: 'acme/api',
    branch: null,
    path: '.gatehouse.yaml',
    range: { startLine: 4, startColumn: 1, endLine: 4, endColumn: 5 },
  } as const;
  await storeItems(store.tenants, item({ builds: [], problems: [problem] }));

  const page = await web.app.inject({ url: '/buildsets/run-1', headers: signedIn });

  expect(page.body).toContain('.gatehouse.yaml:4');
  expect(page.body).toContain('write jobs');
});

test('nothing that a stranger wrote becomes mark-up or a script', async () => {
  const web = await start();
  const nasty = change({
    title: SCRIPT,
    author: SCRIPT,
    headRef: `x"><img src=x onerror=alert(1)>`,
    url: 'javascript:alert(1)',
  });
  const reasons = [{ code: 'merge-conflict', subject: 'check', seen: SCRIPT }];
  const builds = [
    build({ name: SCRIPT, detail: SCRIPT, logUrl: 'javascript:alert(1)', hasLog: false }),
  ];
  const verdict = { outcome: 'conflict', reasons } as const;
  await storeItems(
    store.tenants,
    item({ change: nasty, cause: SCRIPT, builds, verdict, phase: 'completed' }),
    item({ id: 'run-2', change: nasty }),
  );
  await openTicket('run-2.0', 'run-2');
  web.logs.set('run-2.0', `${SCRIPT}\n\u001b[31mred\u001b[0m </pre>`);

  const pages = await Promise.all(
    ['/', '/buildsets/run-1', '/builds/run-2.0'].map((url) =>
      web.app.inject({ url, headers: signedIn }),
    ),
  );

  for (const { body } of pages) {
    expect(body).not.toContain('<script>');
    expect(body).not.toContain('<img');
    expect(body).not.toMatch(/href="javascript/);
    expect(body.match(/<script/g)).toHaveLength(1);
  }
  expect(pages[2]?.body).toContain('red &#60;/pre&#62;');
});

test.each([
  ['/', 200],
  ['/sign-in', 200],
  ['/nothing', 404],
  ['/healthz', 200],
  ['/metrics', 200],
  ['/api/v1/status', 200],
  ['/api/v1/nothing', 404],
  ['/api/v1/builds/x/log', 404],
  ['/assets/style.css', 200],
])('%s has the security headers', async (url, status) => {
  const web = await start();

  const answer = await web.app.inject(url);

  expect(answer.statusCode).toBe(status);
  expect(answer.headers).toMatchObject({
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
  });
});

test('the policy lets nothing in from elsewhere and nothing inline', () => {
  expect(CONTENT_SECURITY_POLICY).toBe(
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; " +
      "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  );
});

test('pages keep to the policy: no inline script, style or handler', async () => {
  const web = await start();
  await storeItems(store.tenants, item());
  await openTicket('run-1.0', 'run-1');
  web.logs.set('run-1.0', 'hello');

  const pages = await Promise.all(
    ['/', '/buildsets/run-1', '/builds/run-1.0', '/sign-in'].map((url) =>
      web.app.inject({ url, headers: signedIn }),
    ),
  );

  for (const { body } of pages) {
    expect(body).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script>/);
  }
});

test('a log is on its page at once, as text, and says where to go on', async () => {
  const web = await start();
  await storeItems(store.tenants, item());
  await openTicket('run-1.0', 'run-1');
  const output = `first line\n${'é'.repeat(60)}`;
  web.logs.set('run-1.0', output);

  const page = await web.app.inject({ url: '/builds/run-1.0', headers: signedIn });

  expect(page.body).toContain(output);
  expect(page.body).toContain(`data-offset="${Buffer.byteLength(output)}" data-complete="true"`);
});

test('a build without a log here says so', async () => {
  const web = await start();
  await storeItems(store.tenants, item());
  await openTicket('run-1.0', 'run-1');

  const page = await web.app.inject({ url: '/builds/run-1.0', headers: signedIn });

  expect(page.statusCode).toBe(200);
  expect(page.body).toContain('This build keeps no log here.');
});

test('a live page is reloaded without scripts and followed with them', async () => {
  const web = await start();
  await storeItems(store.tenants, item());

  const page = await web.app.inject({ url: '/buildsets/run-1', headers: signedIn });

  expect(page.body).toContain('<noscript><meta http-equiv="refresh" content="15"></noscript>');
  expect(page.body).toContain('<body data-events="/api/v1/events">');
});

test('links follow a public address below a path', async () => {
  const web = await start({ settings: { publicUrl: 'https://x.example/gate' } });
  await storeItems(store.tenants, item());

  const page = await web.app.inject({ url: '/', headers: signedIn });

  expect(page.body).toContain('href="/gate/buildsets/run-1"');
});

test('assets are kept by browsers under the address that pages name, and briefly under others', async () => {
  const web = await start();
  const front = await web.app.inject('/');
  const address = /href="(\/assets\/style\.css\?v=[0-9a-f]+)"/.exec(front.body)?.[1] ?? '';

  const pinned = await web.app.inject(address);
  const other = await web.app.inject('/assets/live.js');

  expect(pinned.headers['cache-control']).toContain('immutable');
  expect(pinned.headers['content-type']).toBe('text/css; charset=utf-8');
  expect(other.headers).toMatchObject({
    'cache-control': 'public, max-age=60',
    'content-type': 'text/javascript; charset=utf-8',
  });
});

async function start(overrides: Overrides = {}): Promise<WebUnderTest> {
  const parts = { store, clock: fakeClock(START), log: recordingLog() };
  const web = await webUnderTest(parts, overrides);
  onTestFinished(() => web[Symbol.asyncDispose]());
  return web;
}

async function openTicket(build: string, buildset: string): Promise<void> {
  await store.builds.openAttempt({
    build: buildId(build),
    buildset: item({ id: buildset }).buildset,
    tenant: tenantOf(repositoryKey('acme/api')),
    attempt: 1,
    tokenHash: null,
  });
}
