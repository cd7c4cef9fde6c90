import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DRAIN_IDLE_MS } from '../limits.ts';
import { type GroupProgram, runInGroup } from './process-group.ts';

describe('a program in a group of its own', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-group-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const program = (command: string, signal: AbortSignal): GroupProgram => ({
    ...{ file: 'sh', args: ['-c', command], cwd: folder, env: { PATH: process.env.PATH ?? '' } },
    ...{ timeoutMs: 30_000, signal, pipePath: join(folder, 'pipe'), graceMs: () => 1_000 },
    write: () => Promise.resolve(),
  });
  const forEver = new AbortController().signal;

  it('is not started when it stops being wanted while its pipe is made', async () => {
    const wanted = new AbortController();

    const running = runInGroup(program('touch started; sleep 600', wanted.signal));
    wanted.abort();

    expect(await running).toMatchObject({ how: 'aborted', code: null });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is ended at whatever moment it stops being wanted', async () => {
    // Steps of a millisecond across the start, which takes some.
    for (let afterMs = 0; afterMs < 40; afterMs += 1) {
      const wanted = AbortSignal.timeout(afterMs);

      const end = await runInGroup(program('sleep 600', wanted));

      expect(end, `${afterMs} ms after the start`).toMatchObject({ how: 'aborted' });
    }
    await expect(stat(join(folder, 'pipe'))).rejects.toThrow('ENOENT');
  });

  it('has its last line taken by a log that is slower than the wait for output', async () => {
    const said: Uint8Array[] = [];
    const slow = Promise.withResolvers<void>();
    const write = async (chunk: Uint8Array): Promise<void> => {
      // The first chunk is in hand when the program ends, and for a while after.
      if (said.length === 0) setTimeout(slow.resolve, DRAIN_IDLE_MS * 1.5);
      await slow.promise;
      said.push(chunk);
    };

    await runInGroup({ ...program('head -c 150000 /dev/zero; echo last', forEver), write });

    const text = Buffer.concat(said).toString();
    expect(text).toHaveLength(150_005);
    expect(text.endsWith('last\n')).toBe(true);
  });

  it.runIf(process.platform === 'linux')('leaves no handle open when it cannot start', async () => {
    const handles = async () => (await readdir('/proc/self/fd')).length;
    const before = await handles();

    const end = await runInGroup(program(`: ${'x'.repeat(3_000_000)}`, forEver));

    expect(end).toMatchObject({ how: 'not-started', error: { code: 'E2BIG' } });
    await vi.waitUntil(async () => (await handles()) <= before);
  });
});
