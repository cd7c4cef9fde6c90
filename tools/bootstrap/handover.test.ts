import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeWorkingCopy, type WorkingCopy } from './working-copy.ts';

let copy: WorkingCopy;

beforeEach(async () => {
  copy = makeWorkingCopy();
  await copy.start(['demo']).finished;
});

afterEach(() => {
  copy.remove();
});

/** A service that reports its number and each signal, and ends in order on the first. */
const service = `
  import { spawn } from 'node:child_process';
  const helper = spawn('sleep', ['60'], { stdio: 'ignore' });
  for (const name of ['SIGINT', 'SIGTERM']) {
    process.on(name, () => {
      console.log('got ' + name);
      setTimeout(() => process.exit(7), 100);
    });
  }
  setInterval(() => {}, 1000);
  console.log('service ' + process.pid + ' helper ' + helper.pid + ' up');
`;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // no such process
  }
}

async function startService(env?: Readonly<Record<string, string>>) {
  copy.write('services/gatehouse/src/cli.ts', service);
  const running = copy.start(['start'], env);
  let output = '';
  running.child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await running.printed(' up');
  const [, own, helper] = /service (\d+) helper (\d+)/.exec(output) ?? [];
  return { ...running, pids: [Number(own), Number(helper)] };
}

describe('running the product', () => {
  test('its exit code becomes ours', async () => {
    copy.write('services/gatehouse/src/cli.ts', 'process.exit(42);');

    expect((await copy.start(['start']).finished).code).toBe(42);
  });

  test('a product that a signal ended gives the code that a shell would', async () => {
    copy.write('services/gatehouse/src/cli.ts', "process.kill(process.pid, 'SIGKILL');");

    expect((await copy.start(['start']).finished).code).toBe(137);
  });

  test('it sees neither the leash nor a stdin to wait for', async () => {
    copy.write(
      'services/gatehouse/src/cli.ts',
      "console.log('leash', process.env.RUN_LEASH_FD);\nprocess.stdin.on('end', () => console.log('no stdin')).resume();",
    );

    const { output } = await copy.start(['start']).finished;

    expect(output).toContain('leash undefined');
    expect(output).toContain('no stdin');
  });

  test('the pinned tools stand first on its PATH', async () => {
    copy.write('services/gatehouse/src/cli.ts', 'console.log(process.env.PATH);');

    const { output } = await copy.start(['start']).finished;

    expect(output.startsWith(`${copy.root}/.tools/bin:${copy.root}/node_modules/.bin:`)).toBe(true);
  });
});

describe('stopping', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s reaches the product once, and nothing is left behind',
    async (signal) => {
      const { child, finished, printed, pids } = await startService();

      child.kill(signal);
      child.kill(signal);
      await printed(`got ${signal}`);
      const { code, output } = await finished;

      expect(code).toBe(7);
      expect(output.split(`got ${signal}`)).toHaveLength(2);
      expect(pids.map(isAlive)).toEqual([false, false]);
    },
  );

  test('a closed terminal asks for the same orderly stop', async () => {
    const { child, finished, pids } = await startService();

    child.kill('SIGHUP');
    const { code, output } = await finished;

    expect(code).toBe(7);
    expect(output).toContain('got SIGTERM');
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  test('when the bootstrap is killed outright, the product and its children stop', async () => {
    const { child, pids } = await startService();

    child.kill('SIGKILL');

    await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), { timeout: 20_000 });
  });

  test('an interrupted set-up ends npm, and the next run goes on', async () => {
    copy.write('.tools/toolchain.stamp', 'outdated');
    copy.write('.tools/node_modules/pnpm/pnpm', '');
    const interrupted = copy.start(['demo'], { NPM_WAITS: '1' });
    await interrupted.printed('npm waits');

    interrupted.child.kill('SIGTERM');
    const first = await interrupted.finished;
    const second = await copy.start(['demo']).finished;

    expect(first.code).toBe(143);
    expect(first.output).toContain('was interrupted');
    expect(second.code).toBe(0);
  });
});
