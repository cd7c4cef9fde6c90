/**
 * Holds the App's permissions against the calls that the adapter makes. Which permission a call
 * needs is asked of the simulated GitHub, which says so with every answer as GitHub does
 * (`X-Accepted-GitHub-Permissions`); where a call may be made with either of two, one is enough.
 */
import { createSign } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type AppResult,
  createGithubSim,
  DEMO_EVENTS,
  DEMO_PERMISSIONS,
} from '@gatehouse/github-sim';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appEvents, appPermissions, type PermissionLevel } from './permissions.ts';

const root = resolve(import.meta.dirname, '../../../..');

/** Asked as the App itself, or by any installation: no permission but everybody's is involved. */
const callsOfTheApp = [
  'GET /app',
  'GET /app/hook/deliveries',
  'GET /installation/repositories',
  'GET /repos/{owner}/{repo}/installation',
  'POST /app/hook/deliveries/{delivery_id}/attempts',
];

/** The adapter can make them, but no role asks it to: nobody grants rights for the future. */
const callsOfNobody = [
  'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
];

/** One way of being allowed: every permission in it is needed. */
type Needs = ReadonlyMap<string, PermissionLevel>;

let needsByCall: ReadonlyMap<string, readonly Needs[]>;
const folders: string[] = [];

beforeAll(async () => {
  needsByCall = await askSimulator(adapterCalls());
});

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

test('the adapter is read: it makes the calls that a check run takes', () => {
  expect(adapterCalls()).toContain('POST /repos/{owner}/{repo}/check-runs');
  expect(adapterCalls().length).toBeGreaterThan(20);
});

test('calls that need no permission are those of the App itself', () => {
  const free = [...needsByCall].filter(([, needs]) => needs.length === 0).map(([call]) => call);

  expect(free.sort()).toEqual(callsOfTheApp);
});

test('every call is allowed by the permissions that the App asks for', () => {
  const refused = usedCalls().filter((call) => !isAllowed(call, granted()));

  expect(refused).toEqual([]);
});

test('calls that nobody makes are those for comments, and no service asks for them', () => {
  const services = globSync('services/*/src/**/*.ts', { cwd: root }).filter(
    (file) => !file.endsWith('.test.ts'),
  );

  const known = callsOfNobody.filter((call) => !needsByCall.has(call));
  const askers = services.filter((file) =>
    /\.writeComment\b/.test(readFileSync(join(root, file), 'utf8')),
  );

  expect(known).toEqual([]);
  expect(askers).toEqual([]);
});

test.each(appPermissions.filter(({ isForGitHub }) => !isForGitHub))(
  'without "$title: $level" some call or event would be missing',
  ({ key, level }) => {
    const less = new Map(granted());
    if (level === 'write') less.set(key, 'read');
    else less.delete(key);

    const lost = usedCalls().filter((call) => !isAllowed(call, less));
    const unheard = appEvents.filter(({ permission }) => !less.has(permission));

    expect(lost.length + unheard.length).toBeGreaterThan(0);
  },
);

test('what no call and no event needs is optional, and its reason says who asks for it', () => {
  for (const { isForGitHub, isOptional, reason } of appPermissions) {
    if (!isForGitHub) continue;
    expect(isOptional).toBe(true);
    expect(reason).toContain('GitHub');
  }
});

test('every event is offered with the permissions that go with it', () => {
  for (const { name, permission, isOptional } of appEvents) {
    const asked = appPermissions.find(({ key }) => key === permission);

    expect(asked, name).toBeDefined();
    expect(asked?.isOptional, name).toBe(isOptional);
  }
});

test('the App subscribes to exactly the events that the adapter reads', () => {
  const reader = readFileSync(join(root, 'packages/github/src/delivery/reader.ts'), 'utf8');
  const read = [...reader.matchAll(/\['([a-z_]+)', read/g)].map((match) => match[1] ?? '');
  const subscribed = read.filter((event) => !event.startsWith('installation'));

  expect(appEvents.map(({ name }) => name).sort()).toEqual(subscribed.sort());
});

test('the demo has an App with exactly these permissions and events', () => {
  const asked = appPermissions.map(({ key, level }) => [key, level]);

  expect(DEMO_PERMISSIONS).toEqual(Object.fromEntries(asked));
  expect([...DEMO_EVENTS].sort()).toEqual(appEvents.map(({ name }) => name).sort());
});

test('the page about the App shows these tables', () => {
  const page = readFileSync(join(root, 'docs/operating/github-app.md'), 'utf8');

  expect(rowsOf(page, '## Repository permissions')).toEqual(
    appPermissions.map(({ title, level, reason }) => `| ${title} | ${level} | ${reason} |`),
  );
  expect(rowsOf(page, '## Events')).toEqual(
    appEvents.map(({ name, reason }) => `| \`${name}\` | ${reason} |`),
  );
});

/** Routes as the adapter's sources write them. */
function adapterCalls(): readonly string[] {
  const files = globSync('packages/github/src/**/*.ts', { cwd: root }).filter(
    (file) => !file.endsWith('.test.ts') && !file.includes('/src/test/'),
  );
  const routes = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/'([A-Z]+ \/[^']*)'/g)].map(
      (match) => match[1] ?? '',
    ),
  );
  return [...new Set(routes)].sort();
}

function usedCalls(): readonly string[] {
  return [...needsByCall.keys()].filter((call) => !callsOfNobody.includes(call));
}

function granted(): Needs {
  return new Map(appPermissions.map(({ key, level }) => [key, level]));
}

function isAllowed(call: string, has: Needs): boolean {
  const alternatives = needsByCall.get(call) ?? [];
  if (alternatives.length === 0) return true;
  return alternatives.some((needs) =>
    [...needs].every(([key, level]) => has.get(key) === 'write' || has.get(key) === level),
  );
}

/** Makes each call with invented parameters: what it needs is said whatever comes of it. */
async function askSimulator(calls: readonly string[]) {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-permissions-'));
  folders.push(dataDir);
  const sim = createGithubSim({ dataDir });
  const { apiUrl } = await sim.start();
  try {
    await sim.act.createOrganization({ login: 'acme' });
    await sim.act.createRepository({ owner: 'acme', name: 'api', files: { 'a.txt': 'a\n' } });
    const permissions = Object.fromEntries(granted());
    const events = appEvents.map(({ name }) => name);
    const app = await sim.act.registerApp({ slug: 'gatehouse', permissions, events });
    const { id } = await sim.act.installApp({ app: 'gatehouse', owner: 'acme' });
    const token = await installationToken(apiUrl, { app, installation: id });
    const found = new Map<string, readonly Needs[]>();
    for (const call of calls) found.set(call, await needsOf(call, { apiUrl, token }));
    return found;
  } finally {
    await sim.stop();
  }
}

async function needsOf(
  call: string,
  { apiUrl, token }: { readonly apiUrl: string; readonly token: string },
): Promise<readonly Needs[]> {
  const [method = '', template = ''] = call.split(' ');
  const path = template
    .replace('{owner}', 'acme')
    .replace('{repo}', 'api')
    .replaceAll(/\{\w+\}/g, '1');
  const response = await fetch(`${apiUrl}${path}`, { method, headers: headersWith(token) });
  await response.arrayBuffer();
  const accepted = response.headers.get('x-accepted-github-permissions') ?? '';
  return accepted
    .split(';')
    .map((alternative) => alternative.trim())
    .filter((alternative) => alternative !== '')
    .map((alternative) => new Map(alternative.split(',').map(needIn)));
}

function needIn(text: string): [string, PermissionLevel] {
  const [key = '', level] = text.trim().split('=');
  return [key, level === 'write' ? 'write' : 'read'];
}

async function installationToken(
  apiUrl: string,
  { app, installation }: { readonly app: AppResult; readonly installation: number },
): Promise<string> {
  const response = await fetch(`${apiUrl}/app/installations/${installation}/access_tokens`, {
    method: 'POST',
    headers: headersWith(appToken(app)),
  });
  const body: unknown = await response.json();
  const isToken = typeof body === 'object' && body !== null && 'token' in body;
  if (!isToken) throw new Error(`no token: ${JSON.stringify(body)}`);
  return String(body.token);
}

function appToken({ id, privateKey }: AppResult): string {
  const nowS = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss: id, iat: nowS - 30, exp: nowS + 300 })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
}

function headersWith(token: string): Record<string, string> {
  return {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token}`,
    'user-agent': 'gatehouse-test',
  };
}

/** Rows of the first table below a heading, without its head. */
function rowsOf(page: string, heading: string): readonly string[] {
  const section = page.split(`\n${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
}
