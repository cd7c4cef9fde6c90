import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanEnvironment, cli, lendRedis, temporaryFolder, until } from './house.ts';

/** One run of `gatehouse demo`. */
interface Demo {
  readonly child: ChildProcess;
  output(): string;
}

describe('the demo', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let environment: Record<string, string>;

  beforeAll(async () => {
    folder = await temporaryFolder();
    await lendRedis(folder.path);
    environment = { ...cleanEnvironment(), GATEHOUSE_DATA_DIR: folder.path };
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('says where everything is, runs three pull requests, and stops with all it started', async () => {
    const demo = start(environment);
    await until('the addresses', async () => said(demo, 'Gatehouse is running.'));
    const list = () => run(['sim', 'list'], environment);

    const shown = await until('three concluded runs', async () => {
      const text = await list();
      return /#2 .*failure[\s\S]*#1 .*success[\s\S]*#1 .*action_required/.test(text) ? text : null;
    });
    const second = await run(['demo'], environment);
    const left = await stop(demo);

    expect(demo.output()).toMatch(/GitHub \(simulated\) +http:\/\/127\.0\.0\.1:\d+/);
    expect(demo.output()).toMatch(/Dashboard +http:\/\/localhost:\d+/);
    expect(shown).toContain('acme/api');
    expect(second).toContain('A demo runs already');
    expect(left).toEqual([]);
  });

  it('goes on where it stopped, and lets a person act from the command line', async () => {
    const demo = start(environment);
    await until('the addresses', async () => said(demo, 'Gatehouse is running.'));

    const opened = await run(['sim', 'pr', 'open', '--fail'], environment);
    const name = /acme\/api#\d+/.exec(opened)?.[0] ?? '';
    await until('its run', async () => {
      const text = await run(['sim', 'pr', 'show', name], environment);
      return text.includes('gatehouse/check: failure — 1 of 3 jobs failed') ? true : null;
    });
    const outside = [
      await run(['sim', 'pr', 'open', '--from-fork'], environment),
      await run(['sim', 'pr', 'open', '--from-fork', '--draft'], environment),
    ];
    const left = await stop(demo);

    expect(demo.output()).not.toContain('Opening three pull requests');
    expect(outside).toEqual([expect.stringContaining('Opened'), expect.stringContaining('Opened')]);
    expect(left).toEqual([]);
  });

  it('says which setting is wrong before it begins anything', async () => {
    const said = await run(['demo'], { ...environment, GATEHOUSE_PORT: 'eighty' });

    expect(said).toContain('One setting needs attention');
    expect(said).toContain('GATEHOUSE_PORT');
    expect(said).toContain('whole number from 0 to 65535, not "eighty"');
    expect(said).not.toMatch(/Starting|ERR_|\n +at /);
  });
});

function start(environment: Record<string, string>): Demo {
  const child = spawn(process.execPath, [cli, 'demo'], { env: environment });
  const written: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => written.push(chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => written.push(chunk.toString()));
  return { child, output: () => written.join('') };
}

function said(demo: Demo, words: string): true | null {
  if (demo.child.exitCode !== null) throw new Error(`the demo ended: ${demo.output()}`);
  return demo.output().includes(words) ? true : null;
}

async function run(args: readonly string[], environment: Record<string, string>): Promise<string> {
  const demo = spawn(process.execPath, [cli, ...args], { env: environment });
  const written: string[] = [];
  demo.stdout.on('data', (chunk: Buffer) => written.push(chunk.toString()));
  demo.stderr.on('data', (chunk: Buffer) => written.push(chunk.toString()));
  await once(demo, 'close');
  return written.join('');
}

/** Ctrl-C. @returns what its processes left running. */
async function stop(demo: Demo): Promise<readonly number[]> {
  const children = await childrenOf(demo.child.pid ?? 0);
  // Its Redis at least; otherwise nothing would be shown by nothing being left.
  expect(children).not.toEqual([]);
  const closed = once(demo.child, 'close');
  demo.child.kill('SIGINT');
  await closed;
  return children.filter(isAlive);
}

/** Processes started by `pid`, its children's children included. Source: proc(5), field 4 of stat. */
async function childrenOf(pid: number): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(pids.map(async (one) => [one, await parentOf(one)] as const));
  const direct = parents.filter(([, parent]) => parent === pid).map(([one]) => one);
  const further = await Promise.all(direct.map(childrenOf));
  return [...direct, ...further.flat()];
}

async function parentOf(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  const afterName = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return afterName?.[1] === undefined ? null : Number(afterName[1]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
