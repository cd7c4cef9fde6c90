import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { command } from '../testing/builders.ts';
import { isAlive } from '../testing/processes.ts';
import { leftWorkspaces, openWorld, TOKEN, type World } from '../testing/world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

/** Runs one command job to its end. */
async function run(...given: Parameters<World['storeItem']>) {
  await world.storeItem(...given);
  const outcome = await world.launch();
  return { outcome, end: await world.result(), log: world.logs.text() };
}

test('a job runs in a checkout of the speculative state and its success is reported', async () => {
  const { outcome, end, log } = await run({
    execution: command(['cat greeting.txt', 'git rev-parse HEAD']),
  });

  expect(outcome).toBe('done');
  expect(end).toMatchObject({ result: 'SUCCESS', detail: null, attempt: 1 });
  expect(end?.id).toBe('run-0.0/1/completed');
  expect(log).toContain('\nhello\n');
  expect(log).toContain(`\n${world.repository.second}\n`);
  expect(log).toMatch(/--- run 1 of 2 ended with exit code 0 after \d/);
  expect(log).toMatch(/Result: SUCCESS\n$/);
  expect(world.queue.sent.every(({ queue }) => queue === 'turns')).toBe(true);
});

test('the start is reported before the job runs, with a log kept here', async () => {
  await run({ execution: command('true') });

  const [first] = await world.events();
  expect(first).toMatchObject({
    type: 'BuildStarted',
    id: 'run-0.0/1/started',
    hasLog: true,
    logUrl: null,
  });
});

test('the environment is exactly the allow-list', async () => {
  const { log } = await run({
    execution: command('echo BEGIN; env | sort; echo END'),
    job: { vars: { FLAVOUR: 'mint', COUNT: 3, LIST: ['a'], LD_PRELOAD: '/x.so', PATH: '/evil' } },
  });

  const lines = log.slice(log.indexOf('\nBEGIN\n') + 7, log.indexOf('\nEND\n')).split('\n');
  const variables = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  // These three are set by bash itself.
  const { PWD: _pwd, SHLVL: _level, _: _program, ...given } = variables;
  const root = join(given.HOME ?? '', '..');
  expect(given).toEqual({
    CI: 'true',
    COUNT: '3',
    FLAVOUR: 'mint',
    GATEHOUSE_BASE_REF: 'main',
    GATEHOUSE_BUILD_ID: 'run-0.0',
    GATEHOUSE_CHANGE: '7',
    GATEHOUSE_HEAD_SHA: world.repository.second,
    GATEHOUSE_JOB: 'unit',
    GATEHOUSE_PIPELINE: 'check',
    GATEHOUSE_REF: 'refs/pull/7/merge',
    GATEHOUSE_REPOSITORY: 'Acme/api',
    GATEHOUSE_RETURN_FILE: join(root, 'exchange', 'return.json'),
    GATEHOUSE_SHA: world.repository.second,
    GATEHOUSE_VARS_FILE: join(root, 'exchange', 'vars.json'),
    HOME: join(root, 'home'),
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    PATH: `${join(process.execPath, '..')}:/usr/local/bin:/usr/bin:/bin`,
    TERM: 'dumb',
    TMPDIR: join(root, 'tmp'),
  });
  expect(log).toContain('The variable LD_PRELOAD is not set: it loads code into every program');
});

test('the vars are in a file outside the checkout', async () => {
  const { log } = await run({
    execution: command(
      'cat "$GATEHOUSE_VARS_FILE"; case "$GATEHOUSE_VARS_FILE" in "$PWD"*) exit 9; esac',
    ),
    job: { vars: { list: ['a', 1] } },
  });

  expect(log).toContain('{"list":["a",1]}');
});

test('the checkout token is in no file, no environment and no log', async () => {
  const { end, log } = await run({
    execution: command(
      'echo looking; ! grep -r ghs_ . ../ 2>/dev/null; ! env | grep ghs_; ! tr "\\0" "\\n" </proc/$PPID/cmdline | grep ghs_; cat .git/config',
    ),
  });

  expect(end?.result).toBe('SUCCESS');
  expect(log).toContain('[remote "origin"]');
  expect(log).not.toContain(TOKEN);
  expect(world.scrubbed).toContain(TOKEN);
});

test('what a job prints of a secret is scrubbed', async () => {
  const { log } = await run({ execution: command(`echo "it is ${TOKEN}"`) });

  expect(log).toContain('it is ***');
  expect(log).not.toContain(TOKEN);
});

test('a command that does not exist is a failure that says so', async () => {
  const { end, log } = await run({ execution: command('no-such-program --now') });

  expect(end).toMatchObject({
    result: 'FAILURE',
    detail: 'run "no-such-program --now" ended with exit code 127: a command was not found',
  });
  expect(log).toContain('no-such-program: command not found');
});

test('a failing command is a failure and ends the run', async () => {
  const { end, log } = await run({ execution: command(['false | true', 'echo not reached']) });

  expect(end?.result).toBe('FAILURE');
  expect(log).not.toContain('\nnot reached');
});

test('a script in the checkout runs whether it is executable or not', async () => {
  const { end, log } = await run({
    execution: command(['ci/run.sh', './ci/run.sh with arguments']),
  });

  expect(end?.result).toBe('SUCCESS');
  expect(log.match(/\nhello\n/g)).toHaveLength(2);
});

test('output opened by its name in /dev works', async () => {
  const { end, log } = await run({
    execution: command('echo out > /dev/stdout; echo err > /dev/stderr'),
  });

  expect(end?.result).toBe('SUCCESS');
  expect(log).toContain('\nout\nerr\n');
});

test('a hundred megabytes of output neither block nor fill the memory', async () => {
  const before = process.memoryUsage.rss();

  const { end } = await run({
    execution: command('head -c 100000000 /dev/zero | tr "\\0" x; echo'),
  });

  expect(end?.result).toBe('SUCCESS');
  expect(world.logs.offeredBytes()).toBeGreaterThan(100_000_000);
  expect(world.logs.text().length).toBe(1_000_000);
  expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
});

test('a job that never ends is ended with everything it started', async () => {
  const { end, log } = await run({
    execution: command('sleep 987001 & (trap "" HUP; sleep 987001) & wait'),
    job: { timeoutMs: 1_000 },
  });

  expect(end).toMatchObject({ result: 'TIMED_OUT', detail: 'no end within 1 s' });
  expect(isAlive('sleep 987001')).toBe(false);
  expect(log).toContain('its time was up');
});

test('a background process that holds the output open does not hold the job', async () => {
  const { end } = await run({ execution: command('sleep 987002 & echo started') });

  expect(end?.result).toBe('SUCCESS');
  expect(isAlive('sleep 987002')).toBe(false);
});

test('a daemon that left the process group is ended with the job', async () => {
  const { end } = await run({
    execution: command('setsid sleep 987003 </dev/null >/dev/null 2>&1 & sleep 0.1'),
  });

  expect(end?.result).toBe('SUCCESS');
  await vi.waitFor(() => expect(isAlive('sleep 987003')).toBe(false));
});

test('a failing pre-run asks for another attempt, and post-run still runs', async () => {
  const { end, log } = await run({
    execution: command('echo main', { preRun: ['exit 3'], postRun: ['echo collected'] }),
  });

  expect(end).toMatchObject({
    result: 'RETRY',
    detail: 'pre-run "exit 3" ended with exit code 3',
  });
  expect(log).not.toContain('\nmain\n');
  expect(log).toContain('\ncollected\n');
});

test('a pre-run that takes too long asks for another attempt', async () => {
  const { end } = await run({
    execution: command('true', { preRun: ['sleep 987004'] }),
    job: { timeoutMs: 300 },
  });

  expect(end?.result).toBe('RETRY');
});

test.each([
  ['exit 1', 'FAILURE', 15_000],
  ['sleep 987005', 'TIMED_OUT', 500],
] as const)('post-run runs after %s, and the result stays %s', async (main, result, timeoutMs) => {
  const { end, log } = await run({
    execution: command(main, { postRun: ['exit 1', 'echo collected'] }),
    job: { timeoutMs },
  });

  expect(end?.result).toBe(result);
  expect(log).toContain('\ncollected\n');
});

test('a failing post-run after a good run is a post failure', async () => {
  const { end } = await run({ execution: command('true', { postRun: ['exit 4'] }) });

  expect(end).toMatchObject({
    result: 'POST_FAILURE',
    detail: 'post-run "exit 4" ended with exit code 4',
  });
});

test('an Ansible playbook is an error that says so', async () => {
  const { end } = await run({ execution: command('playbooks/run.yaml') });

  expect(end).toMatchObject({
    result: 'ERROR',
    detail: 'playbooks/run.yaml is an Ansible playbook, and playbooks are not run here',
  });
});

test('what a job returns is reported, with the log it names', async () => {
  const { end } = await run({
    execution: command(
      'echo \'{"zuul": {"log_url": "https://logs.example/1"}, "version": "1.2"}\' > "$GATEHOUSE_RETURN_FILE"',
    ),
  });

  expect(end).toMatchObject({
    result: 'SUCCESS',
    logUrl: 'https://logs.example/1',
    data: { version: '1.2' },
  });
});

test.each([
  ['no JSON', 'echo nonsense > "$GATEHOUSE_RETURN_FILE"', 'JSON'],
  ['a link', 'ln -s /etc/passwd "$GATEHOUSE_RETURN_FILE"', 'it is a link'],
  ['a pipe', 'mkfifo "$GATEHOUSE_RETURN_FILE"', 'it is not a plain file'],
  ['too large', 'head -c 2000000 /dev/zero > "$GATEHOUSE_RETURN_FILE"', 'larger than 1 MiB'],
  [
    'too deep',
    `printf '%0200d' 0 | tr 0 '[' > "$GATEHOUSE_RETURN_FILE"; printf '%0200d' 0 | tr 0 ']' >> "$GATEHOUSE_RETURN_FILE"`,
    'nested too deeply',
  ],
  ['elsewhere', 'cd ..; mv exchange old; ln -s /etc exchange', 'its folder was replaced'],
])('a return file that is %s is a warning, not a failure', async (_what, line, warning) => {
  const { end, log } = await run({ execution: command(line) });

  expect(end).toMatchObject({ result: 'SUCCESS', data: {} });
  expect(log).toMatch(new RegExp(`Warning: the return file could not be read.*${warning}`));
});

test('nothing of the workspace is left, read-only directories included', async () => {
  const { end } = await run({
    execution: command('mkdir -p a/b; touch a/b/file; chmod 500 a/b; chmod 000 a'),
  });

  expect(end?.result).toBe('SUCCESS');
  expect(await leftWorkspaces(world)).toEqual([]);
});

test('the workspace is private to the service', async () => {
  const { log } = await run({ execution: command('stat -c "mode %a" ..') });

  expect(log).toContain('mode 700');
});

test('a state that cannot be fetched asks for another attempt', async () => {
  const item = await world.storeItem({ execution: command('true') });
  const state = item.state === null ? null : { ...item.state, ref: 'refs/pull/8/merge', sha: gone };
  await world.storeItem({ execution: command('true'), item: { state } });

  await world.launch();

  const end = await world.result();
  expect(end?.result).toBe('RETRY');
  expect(end?.detail).toMatch(/^checkout failed: fatal: .*refs\/pull\/8\/merge/);
});

const gone = 'a'.repeat(40) as NonNullable<Awaited<ReturnType<World['storeItem']>>['state']>['sha']; // a commit that no repository has

test('a workflow job ends in an error that says so', async () => {
  const { end } = await run({
    execution: { kind: 'workflow', file: 'ci.yml', inputs: {}, ref: null, repository: null },
  });

  expect(end).toMatchObject({
    result: 'ERROR',
    detail: 'workflow jobs are not run by this version',
  });
});

test('fields are filled in, except where a shell would act on them', async () => {
  const { log } = await run({
    execution: command(
      'pipeline=own; echo "{change.number} {change.base_ref} ${pipeline} {other}"',
    ),
  });

  expect(log).toContain('\n7 main own {other}\n');
});

test('a branch name with shell characters is refused in a command', async () => {
  const item = await world.storeItem({ execution: command('true') });
  const change = { ...item.change, baseRef: '$(touch${IFS}pwned)' };
  const { end } = await run({
    execution: command('echo {change.base_ref}'),
    item: { change: change as typeof item.change },
  });

  expect(end?.result).toBe('ERROR');
  expect(end?.detail).toMatch(/^\{change\.base_ref\} holds characters that a shell acts on/);
  expect(existsSync(join(world.folder, 'pwned'))).toBe(false);
});
