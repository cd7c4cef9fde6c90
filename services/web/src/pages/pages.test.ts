import { join } from 'node:path';
import { buildId, repositoryKey, tenantOf } from '@gatehouse/model';
import { fakeClock, type MemoryStore, memoryStore, recordingLog } from '@gatehouse/testkit';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../http/security-headers.ts';
import { change, item, START } from '../testing/items.ts';
import {
  ADMIN_TOKEN,
  type Overrides,
  storeItems,
  type WebUnderTest,
  webUnderTest,
} from '../testing/web-under-test.ts';

const signedIn = { authorization: `Bearer ${ADMIN_TOKEN}` };
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

test('on a public dashboard what is missing is not taken for a wall', async () => {
  const off = await start({ settings: { isPublicDashboard: true, adminToken: null } });
  const on = await start({ settings: { isPublicDashboard: true } });

  const [withoutToken, withToken] = await Promise.all(
    [off, on].map(({ app }) => app.inject('/buildsets/run-9')),
  );

  expect(withoutToken?.body).toContain('Old runs are forgotten');
  expect(withoutToken?.body).toMatch(/<a href="\/">Go to the pipelines/);
  expect(withoutToken?.body).not.toContain('GATEHOUSE_ADMIN_TOKEN');
  expect(withToken?.body).toContain('<label for="token">');
});

test('on a public dashboard a public run is shown to strangers', async () => {
  const web = await start({ settings: { isPublicDashboard: true } });
  await storeItems(store.tenants, item());
  await openTicket('run-1.0', 'run-1');

  const pages = await Promise.all(
    ['/', '/buildsets/run-1', '/builds/run-1.0'].map((url) => web.app.inject(url)),
  );

  expect(pages.map((page) => page.statusCode)).toEqual([200, 200, 200]);
  expect(pages.every((page) => page.body.includes('/assets/app-0123abcd.js'))).toBe(true);
});

test('whoever is signed in gets 404 for what does not exist', async () => {
  const web = await start();

  const pages = await Promise.all(
    ['/buildsets/run-9', '/builds/run-9.0', '/nothing'].map((url) =>
      web.app.inject({ url, headers: signedIn }),
    ),
  );

  expect(pages.map((page) => page.statusCode)).toEqual([404, 404, 404]);
});

test('where the dashboard was not built its pages say so, and the rest works', async () => {
  const web = await start({ dashboardFolder: join(import.meta.dirname, 'nothing-is-here') });

  const page = await web.app.inject({ url: '/', headers: signedIn });
  const status = await web.app.inject({ url: '/api/v1/status', headers: signedIn });

  expect([page.statusCode, status.statusCode]).toEqual([503, 200]);
  expect(page.body).toContain('The dashboard is not built');
  expect(page.body).toContain('npm start');
});

test('an address that a stranger made up becomes no mark-up on the sign-in page', async () => {
  const web = await start();

  const page = await web.app.inject('/buildsets/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E?"><b>');

  expect(page.body).not.toMatch(/<script|<b>/);
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
  ['/assets/app-0123abcd.js', 200],
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

  const pages = await Promise.all(
    ['/', '/sign-in', '/nothing'].map((url) => web.app.inject({ url, headers: signedIn })),
  );

  for (const { body } of pages) {
    expect(body).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script>/);
  }
});

test('addresses follow a public address below a path', async () => {
  const web = await start({ settings: { publicUrl: 'https://x.example/gate' } });

  const page = await web.app.inject({ url: '/', headers: signedIn });
  const signIn = await web.app.inject('/');

  expect(page.body).toContain('src="/gate/assets/app-0123abcd.js"');
  expect(signIn.body).toContain('action="/gate/sign-in"');
});

test('files are kept by browsers under addresses that carry their hash, and the shell is not', async () => {
  const web = await start();
  const signIn = await web.app.inject('/');
  const address = /href="(\/assets\/style\.css\?v=[0-9a-f]+)"/.exec(signIn.body)?.[1] ?? '';

  const [pinned, unpinned, built, shell] = await Promise.all([
    web.app.inject(address),
    web.app.inject('/assets/style.css'),
    web.app.inject('/assets/app-0123abcd.js'),
    web.app.inject({ url: '/', headers: signedIn }),
  ]);

  expect(pinned?.headers['cache-control']).toContain('immutable');
  expect(unpinned?.headers['cache-control']).toBe('public, max-age=60');
  expect(built?.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': 'text/javascript; charset=utf-8',
  });
  expect(shell?.headers['cache-control']).toBe('no-store');
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
