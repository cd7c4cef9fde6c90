import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
});
