import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeWorkingCopy, type WorkingCopy } from './working-copy.ts';

let copy: WorkingCopy;

beforeEach(() => {
  copy = makeWorkingCopy();
});

afterEach(() => {
  copy.remove();
});

const run = (args: readonly string[], env?: Readonly<Record<string, string>>) =>
  copy.start(args, env).finished;

describe('setting up', () => {
  test('fetches the tools, installs the packages and runs the command', async () => {
    const { code, output } = await run(['demo', '--port', '1']);

    expect(output).toContain('Fetching pnpm 1.2.3');
    expect(output).toContain('npm installed');
    expect(output).toContain('pnpm installed');
    expect(output).toContain('cli got demo,--port,1');
    expect(code).toBe(0);
  });

  test('a second run asks neither npm nor pnpm and says nothing of its own', async () => {
    await run(['demo']);

    const { output } = await run(['demo']);

    expect(output).toBe('cli got demo\n');
    expect([copy.calls('npm'), copy.calls('pnpm')]).toEqual([1, 1]);
  });

  test.each([
    ['pnpm-lock.yaml', 'lockfileVersion: 9\n# other\n'],
    ['pnpm-workspace.yaml', 'packages: []\n'],
    ['packages/new/package.json', '{}'],
  ])('a change of %s installs the packages again, with the same tools', async (file, text) => {
    await run(['demo']);
    copy.write(file, text);

    const { code } = await run(['demo']);

    expect(code).toBe(0);
    expect([copy.calls('npm'), copy.calls('pnpm')]).toEqual([1, 2]);
  });

  test('a change of a source installs nothing', async () => {
    await run(['demo']);
    copy.write('packages/new/src/a.ts', 'export const a = 1;');

    await run(['demo']);

    expect(copy.calls('pnpm')).toBe(1);
  });

  test('a failed installation is tried again by the next run', async () => {
    await run(['demo'], { PNPM_SAYS: 'something odd' });

    const { code } = await run(['demo']);

    expect(code).toBe(0);
    expect([copy.calls('npm'), copy.calls('pnpm')]).toEqual([1, 2]);
  });

  test('commands of packages run on the pinned Node.js, whatever is on PATH', async () => {
    await run(['demo']);

    const { stdout } = spawnSync(path.join(copy.root, 'node_modules/.bin/node'), ['--version']);

    expect(stdout.toString()).toBe(`${process.version}\n`);
  });

  test('where install scripts are off, Node.js comes from its platform package', async () => {
    const { code, output } = await run(['demo'], { NPM_HAS_NO_SCRIPTS: '1' });

    expect(output).toContain('trying its platform package');
    expect(output).toContain('cli got demo');
    expect(code).toBe(0);
  });

  test('start keeps its progress out of stdout, which is the log', async () => {
    const running = copy.start(['start']);
    let stdout = '';
    running.child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });

    await running.finished;

    expect(stdout).toBe('cli got serve\n');
  });

  test('two runs at once set up once', async () => {
    const both = await Promise.all([run(['demo']), run(['demo'])]);

    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect([copy.calls('npm'), copy.calls('pnpm')]).toEqual([1, 1]);
  });
});

describe('refusing', () => {
  test.each([
    ['npm ERR! code ENOTFOUND\ngetaddrinfo ENOTFOUND packages.example.org', 'cannot be reached'],
    ['npm error code E401 Unauthorized', 'refused to serve this machine'],
    ['npm error code ETARGET', 'does not have a pinned version'],
    ['npm error code EACCES', 'may not write where packages are kept'],
    ['npm error code ENOSPC', 'the disk is full'],
    ['npm error something new', 'failed with exit code 1'],
  ])('npm saying "%s" becomes a cause, a place and a remedy', async (says, cause) => {
    const { code, output } = await run(['demo'], { NPM_SAYS: says });

    expect(code).toBe(1);
    expect(output).toContain(cause);
    expect(output).toContain('  where: ');
    expect(output).toContain('  do:    ');
    expect(output).not.toContain('    at ');
  });

  test('neither an address nor a token of npm is printed', async () => {
    const says = [
      'request to https://user:secret@packages.example.org/pnpm failed',
      'getaddrinfo ENOTFOUND packages.example.org',
      '//packages.example.org/:_authToken=abcdef',
      'connect ECONNREFUSED 10.1.2.3:4873',
      'mirror.example.net said no to npm_abcdefghijklmnopqrstuvwx',
    ].join('\n');

    const { output } = await run(['demo'], {
      NPM_SAYS: says,
      npm_config_registry: 'https://mirror.example.net/npm/',
    });

    expect(output).not.toMatch(/example|secret|abcdef|10\.1\.2\.3/);
    expect(output).toContain('said no to');
  });

  test('a lockfile that does not fit is told apart from a network fault', async () => {
    const { code, output } = await run(['demo'], { PNPM_SAYS: 'ERR_PNPM_OUTDATED_LOCKFILE' });

    expect(code).toBe(1);
    expect(output).toContain('pnpm install');
    expect(output).toContain('commit pnpm-lock.yaml');
  });

  test('a machine without npm is told to install it', async () => {
    const { code, output } = await run(['demo'], { PATH: copy.root });

    expect(code).toBe(1);
    expect(output).toContain('npm was not found');
  });

  test('a folder that cannot be written is named', async () => {
    copy.write('.tools', 'a file where a folder should be');

    const { code, output } = await run(['demo']);

    expect(code).toBe(1);
    expect(output).toContain('.tools');
    expect(output).toContain('  do:    ');
  });

  test('an unknown command lists the known ones', async () => {
    const { code, output } = await run(['dance']);

    expect(code).toBe(1);
    expect(output).toContain('demo, start, test, bench, check');
  });

  test('a command that has nothing to run says so before anything is fetched', async () => {
    const { code, output } = await run(['bench']);

    expect(code).toBe(1);
    expect(output).toContain('no benchmarks');
    expect(copy.calls('npm')).toBe(0);
  });

  test('a version that is not pinned exactly is refused', async () => {
    const toolchain = { node: '^24.0.0', pnpm: '1.2.3' };
    copy.write('package.json', JSON.stringify({ gatehouse: { toolchain } }));

    const { code, output } = await run(['demo']);

    expect(code).toBe(1);
    expect(output).toContain('gatehouse.toolchain.node');
  });
});
