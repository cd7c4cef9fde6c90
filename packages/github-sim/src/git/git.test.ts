import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { buildWorld, openBranchPull, startReceiver, startTestSim } from '../testing.ts';

const run = promisify(execFile);

async function folder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'github-sim-clone-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function git(args: string[], cwd?: string): Promise<string> {
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    GIT_TERMINAL_PROMPT: '0',
    HOME: '/nonexistent',
  };
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  const { stdout } = await run('git', [...identity, ...args], { env, ...(cwd ? { cwd } : {}) });
  return stdout.trim();
}

function withToken(url: string, token: string): string {
  return url.replace('http://', `http://x-access-token:${token}@`);
}

test('a public repository is cloned without a token', async () => {
  await using on = await startTestSim();
  const { sha } = await buildWorld(on);
  await using at = await folder();

  await git(['clone', '--quiet', `${on.url}/acme/api.git`, at.path]);

  expect(await git(['rev-parse', 'HEAD'], at.path)).toBe(sha);
  expect(await readFile(join(at.path, 'README.md'), 'utf8')).toBe('hello\n');
});

test('a private repository needs a token with contents', async () => {
  await using on = await startTestSim();
  const { token, asApp, installation } = await buildWorld(on, { private: true });
  const url = `${on.url}/acme/api.git`;
  const narrow = await asApp('POST', `/app/installations/${installation}/access_tokens`, {
    body: { permissions: { checks: 'write' } },
  });

  const refs = await git(['ls-remote', withToken(url, token), 'refs/heads/main']);

  expect(refs).toContain('refs/heads/main');
  await expect(git(['ls-remote', url])).rejects.toThrow(/could not read Username|401/);
  await expect(git(['ls-remote', withToken(url, narrow.body.token)])).rejects.toThrow(/403/);
  await expect(git(['ls-remote', withToken(url, 'ghs_1_x.y')])).rejects.toThrow();
});

test('the test merge and any commit can be fetched', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, token } = await buildWorld(on);
  const { headSha } = await openBranchPull(on.act, 'fix');
  await call('GET', '/repos/acme/api/pulls/1');
  await on.act.settled();
  const refs = await on.act.refs({ repository: 'acme/api' });
  const merge = refs['refs/pull/1/merge'] ?? '';
  await using at = await folder();
  await git(['init', '--quiet', at.path]);
  const url = withToken(`${on.url}/acme/api.git`, token);

  await git(['fetch', '--quiet', '--depth=1', url, 'refs/pull/1/merge'], at.path);
  const fetched = await git(['rev-parse', 'FETCH_HEAD'], at.path);
  await git(['fetch', '--quiet', '--depth=1', url, headSha], at.path);

  expect(fetched).toBe(merge);
  expect(await git(['cat-file', '-t', headSha], at.path)).toBe('commit');
});

test('a person pushes, and everything follows as for a push on the page', async () => {
  await using hooks = await startReceiver();
  await using on = await startTestSim();
  await buildWorld(on, { webhookUrl: hooks.url });
  const eve = await on.act.createUser({ login: 'eve' });
  const url = withToken(`${on.url}/acme/api.git`, eve.token);
  await using at = await folder();
  await git(['clone', '--quiet', url, at.path]);
  await writeFile(join(at.path, 'new.txt'), 'new\n');
  await git(['add', '.'], at.path);
  await git(['commit', '--quiet', '-m', 'Add a file'], at.path);

  await expect(git(['push', '--quiet', 'origin', 'HEAD:topic'], at.path)).rejects.toThrow(/403/);
  await on.act.setPermission({ repository: 'acme/api', user: 'eve', permission: 'write' });
  await on.act.settled();
  hooks.received.length = 0;
  await git(['push', '--quiet', 'origin', 'HEAD:topic'], at.path);
  await on.act.settled();

  const refs = await on.act.refs({ repository: 'acme/api' });
  expect(refs['refs/heads/topic']).toBe(await git(['rev-parse', 'HEAD'], at.path));
  expect(hooks.names().sort()).toEqual(['check_suite.requested', 'create', 'push']);
  expect(on.sim.violations).toEqual([]);
});
