/** The commands about configuration against the simulated GitHub, with a real App's key. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGithubSim, type GithubSim } from '@gatehouse/github-sim';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ExplainOptions, explain } from './explain.ts';
import { lint } from './lint.ts';
import { hostOf } from './remote.ts';
import { showLayout } from './show-layout.ts';
import type { TargetDeps } from './target.ts';
import type { lintFormats } from './words.ts';

const owners = `- job: {name: shared, run: make shared}
- job: {name: faulty, run: make, oops: 1}
`;
const api = `- job: {name: unit, run: make, files: [^src/]}
- job: {name: docs, http: 'https://ci.example.com/'}
- job: {name: old, run: make, branches: stable}
- project:
    check: {jobs: [unit, docs, shared]}
    gate: {jobs: [unit]}
`;

let github: GithubSim;
let dataDir: string;
let deps: TargetDeps & { readonly isColoured: boolean };
let settings: Parameters<typeof hostOf>[0];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-on-github-'));
  github = createGithubSim({ dataDir, mergeabilityDelayMs: 5 });
  const { act } = github;
  const { apiUrl } = await github.start();
  for (const login of ['olga', 'ada', 'mallory']) await act.createUser({ login });
  for (const login of ['acme', 'other']) {
    await act.createOrganization({ login });
    await act.setMember({ organization: login, user: 'olga', role: 'admin' });
  }
  const make = (repository: string, text: string | null, isPrivate = false) => {
    const [owner = '', name = ''] = repository.split('/');
    const files = text === null ? { 'README.md': '#\n' } : { '.gatehouse.yaml': text };
    return act.createRepository({ owner, name, user: 'olga', private: isPrivate, files });
  };
  await make('acme/.gatehouse', owners, true);
  await make('acme/api', api);
  await make('acme/vault', '- project: {check: {jobs: [faulty]}}\n', true);
  await make('acme/bare', null);
  await make('acme/hidden', api);
  await make('other/api', api);
  await act.setPermission({ repository: 'acme/api', user: 'ada', permission: 'write' });
  const permissions = {
    checks: 'write',
    contents: 'write',
    metadata: 'read',
    pull_requests: 'read',
  };
  const app = await act.registerApp({ slug: 'gatehouse', permissions, events: [] });
  const repositories = ['.gatehouse', 'api', 'vault', 'bare'];
  await act.installApp({ app: 'gatehouse', owner: 'acme', repositories });
  await act.settled();
  settings = {
    githubApiUrl: apiUrl,
    githubAppId: app.id,
    githubPrivateKey: app.privateKey,
  };
  const openHost = async () => ({ ok: true, host: hostOf(settings) }) as const;
  deps = { workingDirectory: '/nowhere', isColoured: false, openHost };
});
afterAll(async () => {
  expect(github.violations).toEqual([]);
  await github.stop();
  await rm(dataDir, { recursive: true });
});

function lintOf(target: string, format: (typeof lintFormats)[number] = 'text') {
  return lint(deps, target, { format });
}

function explained(target: string, options: Partial<ExplainOptions> = {}) {
  return explain(deps, target, { format: 'text', ...options });
}

async function propose(files: Record<string, string>, branch: string, user = 'ada') {
  const { act } = github;
  const isOutside = user === 'mallory';
  const repository = isOutside
    ? (await act.forkRepository({ repository: 'acme/api', owner: user })).repository
    : 'acme/api';
  await act.pushCommit({ repository, branch, user, files });
  const head = isOutside ? `${user}:${branch}` : branch;
  const on = { repository: 'acme/api', user, head, title: branch };
  const pull = await act.openPullRequest(on);
  await act.settled();
  return `acme/api#${pull.number}`;
}

describe('gatehouse lint of a repository on GitHub', () => {
  test('finds nothing wrong in a sound one, beside its owner', async () => {
    const { result, exitCode } = await lintOf('acme/api');

    expect(result).toMatchInlineSnapshot(`
      "warning[matches-more]: \`stable\` also matches what only begins with it, such as \`stable-2\`
       --> .gatehouse.yaml:3:41
        |
      3 | - job: {name: old, run: make, branches: stable}
        |                                         ^^^^^^
        = Write \`^stable$\` to match that name alone.

      acme/.gatehouse has 1 error that this repository's pipelines do not meet; gatehouse lint acme/.gatehouse shows it.

      1 warning in 1 file."
    `);
    expect(exitCode).toBe(0);
  });

  test('reads a private one, and names what it meets in the configuration of its owner', async () => {
    const { result, exitCode } = await lintOf('acme/vault');

    expect(result).toContain('acme/.gatehouse has 1 error, and runs of this repository end with:');
    expect(result).toContain('the job `faulty` is defined with an error');
    expect(result).toContain('gatehouse lint acme/.gatehouse shows it.');
    expect(exitCode).toBe(1);
  });

  test("shows the owner's own errors when asked for that repository", async () => {
    const { result, exitCode } = await lintOf('acme/.gatehouse');

    expect(result).toContain('--> .gatehouse.yaml:2:');
    expect(exitCode).toBe(1);
  });

  test('can be of a branch, in which names are corrected', async () => {
    const { act } = github;
    const files = { '.gatehouse.yaml': api.replace('shared]', 'shraed]') };
    const on = { repository: 'acme/api', branch: 'topic/1', user: 'ada' };
    await act.pushCommit({ ...on, files });

    const { result } = await lintOf('acme/api@topic/1');

    expect(result).toContain('Did you mean `shared`?');
  });

  test.each(['json', 'sarif', 'github'] as const)('speaks %s', async (format) => {
    const { act } = github;
    const text = api.replace('make, files', 'make, tiemout: 1, files');
    const files = { '.gatehouse.yaml': text };
    const branch = `broken/${format}`;
    await act.pushCommit({ repository: 'acme/api', branch, user: 'ada', files });

    const { result, exitCode } = await lintOf(`acme/api@${branch}`, format);

    expect(result).toContain('tiemout');
    expect(result).toContain('.gatehouse.yaml');
    expect(exitCode).toBe(1);
  });
});

test('gatehouse show-layout resolves a repository on GitHub', async () => {
  const output = await showLayout(deps, 'acme/api', { format: 'text' });

  expect(output).toMatchObject({
    ok: true,
    result: expect.stringMatching(/^acme\/api \(main\)\n/),
  });
  expect(output.ok && output.result).toContain(
    'made of base (built in) < shared (acme/.gatehouse .gatehouse.yaml:1)',
  );
});

describe('what cannot be looked at ends with 2, and what to do', () => {
  const cases: readonly [string, string, string][] = [
    ['a repository that is missing', 'acme/gone', 'GitHub shows no acme/gone to the App'],
    ['one that the App is not installed on', 'acme/hidden', 'the App is not installed on it'],
    ['an owner without the App', 'other/api', 'the App is not installed on it'],
    ['a ref that is missing', 'acme/api@gone', 'acme/api has no branch, tag or commit gone'],
  ];

  test.each(cases)('%s', async (_what, target, complaint) => {
    const output = { exitCode: 2, result: null, complaint: expect.stringContaining(complaint) };

    expect(await lintOf(target)).toEqual(output);
    expect(await explained(target)).toEqual(output);
    expect(await showLayout(deps, target, { format: 'text' })).toMatchObject({ ok: false });
  });

  test('files of a repository that has none, while explain says what that means', async () => {
    expect(await lintOf('acme/bare')).toMatchObject({
      exitCode: 2,
      complaint: expect.stringContaining('Begin with .gatehouse.yaml'),
    });
    expect(await explained('acme/bare')).toMatchObject({
      exitCode: 0,
      result: expect.stringContaining('acme/bare takes part in no pipeline'),
    });
  });

  test('a pull request that is missing', async () => {
    const { complaint, exitCode } = await explained('acme/api#999');

    expect(complaint).toContain('GitHub shows no pull request acme/api#999');
    expect(exitCode).toBe(2);
  });

  test("everything, with a key that is not the App's", async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const host = hostOf({ ...settings, githubPrivateKey: privateKey });
    const openHost = async () => ({ ok: true, host }) as const;

    const output = await lint({ ...deps, openHost }, 'acme/api', { format: 'text' });

    expect(output).toMatchObject({ exitCode: 2, result: null });
    expect(output.complaint).toContain("GitHub does not accept the App's credentials");
    expect(output.complaint).toContain('Check GATEHOUSE_GITHUB_API_URL');
  });
});

describe('gatehouse explain of a repository on GitHub', () => {
  test('is for its default branch', async () => {
    const { result, exitCode } = await explained('acme/api', { files: ['README.md'] });

    expect(result).toContain('acme/api for a change to the branch main');
    expect(result).toContain('Job unit does not run: none of README.md matches ^src/.');
    expect(exitCode).toBe(0);
  });

  test('is for the branch whose configuration is asked for', async () => {
    await github.act.createBranch({ repository: 'acme/api', branch: 'stable', user: 'ada' });

    const asRef = await explained('acme/api@stable', { job: 'unit', pipeline: 'check' });
    const asOption = await explained('acme/api', {
      branch: 'stable',
      job: 'unit',
      pipeline: 'check',
    });

    expect(asRef.result).toContain('acme/api for a change to the branch stable (--branch');
    expect(asOption.result).toContain('acme/api for a change to the branch stable\n');
  });
});

describe('gatehouse explain of a pull request', () => {
  test('goes by its base branch and its changed files', async () => {
    const target = await propose({ 'src/a.ts': 'a\n' }, 'plain');

    const { result, exitCode } = await explained(target, { pipeline: 'check' });

    expect(result?.replace(/#\d+/, '#N')).toMatchInlineSnapshot(`
      "acme/api#N "plain" by ada, to the branch main
      Trusted: the branch is in the repository itself.
      It does not change the configuration: the branch's is used.
      Changed files: src/a.ts.

      pipeline check  (independent; built in)
        Job unit runs. src/a.ts matches ^src/ in files.
          decided at  .gatehouse.yaml:1
          listed at   .gatehouse.yaml:5
          made of     base (built in) < unit (.gatehouse.yaml:1)
        Job docs runs.
          listed at   .gatehouse.yaml:5
          made of     base (built in) < docs (.gatehouse.yaml:2)
        Job shared runs.
          listed at   .gatehouse.yaml:5
          made of     base (built in) < shared (acme/.gatehouse .gatehouse.yaml:1)
        for an untrusted head: The whole pipeline waits until somebody with write access approves the commit."
    `);
    expect(exitCode).toBe(0);
  });

  test('uses its own configuration, and says what an untrusted head would get', async () => {
    const own = api
      .replace('make, files', 'make more, files')
      .replace('gate: {jobs: [unit]}', 'gate: {jobs: [docs]}');
    const target = await propose({ '.gatehouse.yaml': own, 'src/b.ts': 'b\n' }, 'own', 'mallory');

    const { result, exitCode } = await explained(target);

    expect(result?.replace(/#\d+/, '#N')).toMatchInlineSnapshot(`
      "acme/api#N "own" by mallory, to the branch main
      mallory has read access, so this commit needs an approval to run.
      It changes the configuration: its own is used, as merged with the branch.
      Changed files: .gatehouse.yaml, src/b.ts.

      pipeline check  (independent; built in)
        Job unit runs. src/b.ts matches ^src/ in files.
          decided at  .gatehouse.yaml:1
          listed at   .gatehouse.yaml:5
          made of     base (built in) < unit (.gatehouse.yaml:1)
        Job docs runs.
          listed at   .gatehouse.yaml:5
          made of     base (built in) < docs (.gatehouse.yaml:2)
        Job shared runs.
          listed at   .gatehouse.yaml:5
          made of     base (built in) < shared (acme/.gatehouse .gatehouse.yaml:1)
        for an untrusted head: The whole pipeline waits until somebody with write access approves the commit.

      pipeline gate  (dependent; built in)
        Job docs runs.
          listed at   .gatehouse.yaml:6
          made of     base (built in) < docs (.gatehouse.yaml:2)
        for an untrusted head: The branch's own configuration decides instead; jobs: unit.
        for an untrusted head: Nothing runs before an approval: unit runs a command."
    `);
    expect(exitCode).toBe(0);
  });

  test('that brings the first configuration takes part by it', async () => {
    const { act } = github;
    const on = { repository: 'acme/bare', user: 'olga' };
    await act.pushCommit({ ...on, branch: 'first', files: { '.gatehouse.yaml': api } });
    const { number } = await act.openPullRequest({ ...on, head: 'first', title: 'First' });

    const { result } = await explained(`acme/bare#${number}`);

    expect(result).toContain('pipeline check  (independent; built in)\n  Job unit runs');
    expect(result).not.toContain('pipeline gate');
  });

  test('that brings an error says that nothing runs', async () => {
    const own = api.replace('shared]', 'shraed]');
    const target = await propose({ '.gatehouse.yaml': own }, 'faulty');

    const { result, exitCode } = await explained(target);

    expect(result).toContain('Nothing runs: its configuration has errors');
    expect(result).toContain('no job is named `shraed` (.gatehouse.yaml:5)');
    expect(exitCode).toBe(1);
  });

  test('that cannot be merged goes by its head', async () => {
    const { act } = github;
    const target = await propose({ '.gatehouse.yaml': `${api}# theirs\n` }, 'conflict');
    const files = { '.gatehouse.yaml': `${api}# ours\n` };
    await act.pushCommit({ repository: 'acme/api', branch: 'main', user: 'ada', files });
    await act.settled();

    const { result } = await explained(target, { format: 'json' });

    expect(JSON.parse(result ?? '').pull_request).toMatchObject({
      has_own_configuration: true,
      is_merged_with_base: false,
      is_trusted: true,
    });
  });
});
