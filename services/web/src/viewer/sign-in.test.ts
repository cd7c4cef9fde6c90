import { type FakeClock, fakeClock, memoryStore, recordingLog } from '@gatehouse/testkit';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { item, START } from '../testing/items.ts';
import {
  ADMIN_TOKEN,
  type Overrides,
  storeItems,
  webUnderTest,
} from '../testing/web-under-test.ts';
import { SESSION_MS } from './session.ts';
import { TRIES_MAX, TRIES_WINDOW_MS } from './tries.ts';

let clock: FakeClock;

beforeEach(() => {
  clock = fakeClock(START);
});

test('the admin token opens a session, and the session shows what a stranger does not see', async () => {
  const { signIn, see } = await start();

  const answer = await signIn(ADMIN_TOKEN, { next: '/buildsets/run-1' });
  const page = await see(cookieOf(answer));

  expect([answer.statusCode, answer.headers.location]).toEqual([303, '/buildsets/run-1']);
  expect(String(answer.headers['set-cookie'])).toMatch(
    /^gatehouse_session=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/,
  );
  expect(page.body).toContain('Make it faster');
});

test('over https the cookie is bound to the host and never sent without TLS', async () => {
  const { signIn } = await start({ settings: { publicUrl: 'https://gate.example.com' } });

  const answer = await signIn(ADMIN_TOKEN);

  expect(String(answer.headers['set-cookie'])).toMatch(/^__Host-gatehouse_session=.*; Secure$/);
});

test('a session ends after 12 hours', async () => {
  const { signIn, see } = await start();
  const cookie = cookieOf(await signIn(ADMIN_TOKEN));

  clock.advance(SESSION_MS - 1);
  const before = await see(cookie);
  clock.advance(1);
  const after = await see(cookie);

  expect(before.body).toContain('Make it faster');
  expect(after.body).not.toContain('Make it faster');
});

test.each([
  ['a longer end', (cookie: string) => cookie.replace(/=\d/, '=9')],
  ['another signature', (cookie: string) => `${cookie.slice(0, -2)}xx`],
  ['no signature', (cookie: string) => cookie.split('.').slice(0, 2).join('.')],
  ['nonsense', () => 'gatehouse_session=%00'],
])('a cookie with %s is nobody', async (_what, forge) => {
  const { signIn, see } = await start();
  const cookie = cookieOf(await signIn(ADMIN_TOKEN));

  const page = await see(forge(cookie));

  expect(page.body).not.toContain('Make it faster');
});

test('changing the admin token ends the sessions it opened', async () => {
  const before = await start();
  const cookie = cookieOf(await before.signIn(ADMIN_TOKEN));
  const after = await start({ settings: { adminToken: 'another-token' } });

  const page = await after.see(cookie);

  expect(page.body).not.toContain('Make it faster');
});

test('signing out ends the session in the browser', async () => {
  const { web, signIn } = await start();
  const cookie = cookieOf(await signIn(ADMIN_TOKEN));

  const answer = await web.app.inject({ method: 'POST', url: '/sign-out', headers: { cookie } });

  expect(answer.statusCode).toBe(303);
  expect(String(answer.headers['set-cookie'])).toContain('Max-Age=0');
});

test('a wrong token is refused, logged without the token, and the page says so', async () => {
  const { signIn, log } = await start();

  const answer = await signIn('guess-me');

  expect(answer.statusCode).toBe(403);
  expect(answer.body).toContain('That is not the admin token.');
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(log.lines).toHaveLength(1);
  expect(JSON.stringify(log.lines)).not.toContain('guess-me');
});

test('whoever keeps guessing has to wait, even with the right token', async () => {
  const { signIn } = await start();
  for (let count = 0; count < TRIES_MAX; count += 1) await signIn('guess');

  const tooMany = await signIn(ADMIN_TOKEN);
  clock.advance(TRIES_WINDOW_MS);
  const later = await signIn(ADMIN_TOKEN);

  expect(tooMany.statusCode).toBe(429);
  expect(tooMany.headers['retry-after']).toBe('60');
  expect(later.statusCode).toBe(303);
});

test.each([
  ['a foreign origin', { origin: 'https://evil.example' }],
  ['an opaque origin', { origin: 'null' }],
  ['a foreign site', { 'sec-fetch-site': 'cross-site' }],
  ['a sister site', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:8080' }],
])('a form from %s is refused', async (_what, headers) => {
  const { web, signIn } = await start();

  const signedIn = await signIn(ADMIN_TOKEN, { headers });
  const signedOut = await web.app.inject({ method: 'POST', url: '/sign-out', headers });

  expect([signedIn.statusCode, signedOut.statusCode]).toEqual([403, 403]);
  expect(signedIn.headers['set-cookie']).toBeUndefined();
});

test.each([
  { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' },
  { origin: 'http://10.0.0.1:9000', host: '10.0.0.1:9000' },
])('a form from our own page is taken: %j', async (headers) => {
  const { signIn } = await start();

  expect((await signIn(ADMIN_TOKEN, { headers })).statusCode).toBe(303);
});

test.each(['//evil.example', '/\\evil.example', 'https://evil.example/', 'javascript:x', ''])(
  'after signing in nobody is led to "%s"',
  async (next) => {
    const { signIn } = await start();

    const answer = await signIn(ADMIN_TOKEN, { next });

    expect(answer.headers.location).toBe('/');
  },
);

test('without an admin token nobody signs in, and the page says what the operator does', async () => {
  const { web, signIn } = await start({ settings: { adminToken: null } });

  const answer = await signIn('');
  const page = await web.app.inject('/sign-in');

  expect(answer.statusCode).toBe(403);
  expect(page.body).toContain('GATEHOUSE_ADMIN_TOKEN');
  expect(page.body).not.toContain('<form');
});

test('a session key that can be guessed is refused at the start', async () => {
  await expect(start({ settings: { sessionKey: Buffer.alloc(8) } })).rejects.toThrow(RangeError);
});

async function start(overrides: Overrides = {}) {
  const store = memoryStore();
  const log = recordingLog();
  const web = await webUnderTest({ store, clock, log }, overrides);
  onTestFinished(() => web[Symbol.asyncDispose]());
  await storeItems(store.tenants, item());
  return {
    web,
    log,
    see: (cookie: string) => web.app.inject({ url: '/api/v1/overview', headers: { cookie } }),
    signIn: (token: string, { next = '/', headers = {} as Record<string, string> } = {}) =>
      web.app.inject({
        method: 'POST',
        url: '/sign-in',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        payload: new URLSearchParams({ token, next }).toString(),
      }),
  };
}

function cookieOf(answer: { readonly headers: Record<string, unknown> }): string {
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}
