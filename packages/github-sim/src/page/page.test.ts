import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildWorld, openBranchPull, startTestSim, type TestSim, type World } from '../testing.ts';

let on: TestSim;
let world: World;

beforeEach(async () => {
  on = await startTestSim();
  world = await buildWorld(on);
});

afterEach(async () => {
  await on[Symbol.asyncDispose]();
});

function visit(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${on.url}${path}`, {
    headers: { accept: 'text/html', ...headers },
    redirect: 'manual',
  });
}

async function call(name: string, input: unknown) {
  const response = await fetch(`${on.url}/_page/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  const body: any = await response.json();
  return { status: response.status, body };
}

describe('pages', () => {
  test('forbid everything inline and everything from elsewhere', async () => {
    const response = await visit('/');

    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(await response.text()).not.toMatch(/<script>|\sstyle=|\son\w+=/);
  });

  test('stand at the addresses that the API tells', async () => {
    const { number } = await openBranchPull(on.act, 'fix');

    const paths = ['', '/commits', '/checks', '/files'].map(
      (tab) => `/acme/api/pull/${number}${tab}`,
    );
    const all = [...paths, '/acme/api/pulls', '/acme/api/compare', '/acme/api/commit/main'];
    const answers = await Promise.all(all.map(async (path) => (await visit(path)).status));

    // A branch is no commit.
    expect(answers).toEqual([200, 200, 200, 200, 200, 200, 404]);
    expect((await visit('/acme/api')).headers.get('location')).toBe('/acme/api/pulls');
  });

  test('the check of a pull request, of a commit and of nothing', async () => {
    const { number, headSha } = await openBranchPull(on.act, 'fix');
    const { asInstallation, sha } = world;
    const make = async (head_sha: string) => {
      const body = { name: 'gatehouse/check', head_sha, output: { title: 'T', summary: '**S**' } };
      return (await asInstallation('POST', '/repos/acme/api/check-runs', { body })).body.id;
    };
    const [ofPull, ofCommit] = [await make(headSha), await make(sha)];

    const pullPage = await (await visit(`/acme/api/runs/${ofPull}`)).text();
    const commitPage = await (await visit(`/acme/api/runs/${ofCommit}`)).text();

    expect(pullPage).toContain(`#${number}`);
    expect(pullPage).toContain('<strong>S</strong>');
    expect(commitPage).toContain('Checks of a commit');
    expect(await (await visit(`/acme/api/commit/${sha}`)).text()).toContain('gatehouse/check');
    expect((await visit('/acme/api/runs/1')).status).toBe(404);
  });

  test('what is nowhere is told with a page, and breaks no rule of the API', async () => {
    const response = await visit('/acme/nothing/pull/1');

    expect(response.status).toBe(404);
    expect(await response.text()).toContain('There is no such page');
    expect(on.sim.violations).toEqual([]);
  });

  test('the API answers a browser too', async () => {
    const response = await visit('/repos/acme/api', { 'user-agent': 'browser' });

    expect(response.headers.get('content-type')).toContain('json');
  });

  test('files come with a tag, and not twice', async () => {
    const first = await visit('/_page/page.css', { accept: '*/*' });
    const tag = first.headers.get('etag') ?? '';

    const second = await visit('/_page/page.css', { accept: '*/*', 'if-none-match': tag });

    expect([first.status, second.status]).toEqual([200, 304]);
    expect((await visit('/_page/../page.ts')).status).toBe(404);
    expect((await visit('/_page/assets.ts')).status).toBe(404);
  });
});

describe('acting as somebody', () => {
  test('is remembered, and comes back to where one was', async () => {
    const response = await visit('/_page/act-as?user=sam&back=/acme/api/pulls');

    const cookie = response.headers.get('set-cookie') ?? '';
    const page = await (await visit('/', { cookie: cookie.split(';')[0] ?? '' })).text();
    expect(response.headers.get('location')).toBe('/acme/api/pulls');
    expect(page).toContain('<option value="sam" selected>');
  });

  test.each(['https://example.com', '//example.com', '/\\example.com'])(
    'never leads to %s',
    async (back) => {
      const query = new URLSearchParams({ user: 'sam', back });

      const response = await visit(`/_page/act-as?${query}`);

      expect(response.headers.get('location')).toBe('/');
    },
  );

  test.each(['nobody-known', '%E0%A4%A'])('as %s is acting as the first', async (name) => {
    const page = await (await visit('/', { cookie: `sim_user=${name}` })).text();

    expect(page).toContain('<option value="ada" selected>');
  });
});

describe('the forms', () => {
  const input = { repository: 'acme/api', user: 'ada', change: 'passing', fromFork: false };

  test('open a pull request with a sample change', async () => {
    const { status, body } = await call('open-pull-request', { ...input, title: 'Try it' });

    const pull = await on.act.pullRequest({ repository: 'acme/api', number: 1 });
    expect([status, body]).toEqual([200, { url: '/acme/api/pull/1' }]);
    expect(pull).toMatchObject({ title: 'Try it', author: 'ada', draft: false });
    expect(pull.files.map((file) => file.path)).toEqual(['NOTES.md']);
  });

  test('open one from a fork, twice, and push to it', async () => {
    const fromSam = { ...input, user: 'sam', fromFork: true };

    await call('open-pull-request', fromSam);
    const second = await call('open-pull-request', { ...fromSam, title: 'Another', draft: true });
    const pushed = await call('push-change', { ...fromSam, number: 2 });

    const pull = await on.act.pullRequest({ repository: 'acme/api', number: 2 });
    expect([second.status, pushed.status]).toEqual([200, 200]);
    expect(pull.head).toMatch(/^sam:another-/);
    expect(pull.draft).toBe(true);
    expect(pull.headSha).toBe(pushed.body.sha);
  });

  test('write a file of one’s own', async () => {
    const own = { ...input, change: 'own', path: 'docs/a.md', content: 'one\r\ntwo' };

    await call('open-pull-request', own);

    const [file] = (await on.act.pullRequest({ repository: 'acme/api', number: 1 })).files;
    expect(file?.patch).toContain('+one\n+two');
  });

  test('tell why they cannot', async () => {
    const answers = await Promise.all([
      call('open-pull-request', { ...input, user: 'sam' }),
      call('open-pull-request', { ...input, change: 'failing' }),
      call('open-pull-request', { ...input, change: 'own', path: '' }),
      call('open-pull-request', { ...input, change: 'what' }),
      call('open-pull-request', 'text'),
      call('no-such-call', {}),
    ]);

    expect(answers.map((answer) => [answer.status, answer.body.message])).toEqual([
      [403, 'Permission to acme/api denied to sam.'],
      [422, 'No change is known that fails here; write one of your own'],
      [422, 'Name the file that you change'],
      [422, 'change is one of passing, failing, configuration, own'],
      [400, 'A JSON object is needed'],
      [404, 'There is no call no-such-call'],
    ]);
  });

  test('are not for forms of other sites', async () => {
    const response = await fetch(`${on.url}/_page/open-pull-request`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify(input),
    });

    expect(response.status).toBe(415);
  });
});
