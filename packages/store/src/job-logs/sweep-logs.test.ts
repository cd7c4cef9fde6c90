import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweepLogs } from './sweep-logs.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const now = 1_000 * dayMs;
const retention = { keepMs: 90 * dayMs, totalBytesMax: 1_000 };

describe('old job logs', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gatehouse-sweep-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('go when they are old, with every attempt', async () => {
    await keep('old', { ageMs: 91 * dayMs, files: ['1.log', '2.log'] });
    await keep('young', { ageMs: 89 * dayMs });

    const removed = await sweepLogs(dir, retention, now);

    expect(removed).toBe(1);
    expect(await readdir(dir)).toEqual(['young']);
  });

  it('stay while an attempt of the same build is young', async () => {
    await keep('build', { ageMs: 91 * dayMs });
    await keep('build', { ageMs: dayMs, files: ['2.log'] });

    expect(await sweepLogs(dir, retention, now)).toBe(0);
  });

  it('go before their time, the oldest first, when they take too much room', async () => {
    await keep('a', { ageMs: 3 * dayMs, bytes: 600 });
    await keep('b', { ageMs: 5 * dayMs, bytes: 300 });
    await keep('c', { ageMs: 4 * dayMs, bytes: 300 });

    await sweepLogs(dir, retention, now);

    expect((await readdir(dir)).sort()).toEqual(['a', 'c']);
  });

  it('are left alone while they may still be written, and go when their writer is dead', async () => {
    await keep('dead', { ageMs: 2 * dayMs, bytes: 900, files: ['1.part'] });
    await keep('written', { ageMs: 1_000, bytes: 5_000, files: ['1.part'] });

    await sweepLogs(dir, retention, now);

    expect(await readdir(dir)).toEqual(['written']);
  });

  it('are all that is removed: other files of the folder are not ours', async () => {
    await keep('.hidden', { ageMs: 200 * dayMs });
    await writeFile(join(dir, 'file'), 'text');
    await utimes(join(dir, 'file'), 0, 0);

    expect(await sweepLogs(dir, retention, now)).toBe(0);
    expect(await readdir(dir)).toHaveLength(2);
  });

  it('need no folder', async () => {
    expect(await sweepLogs(join(dir, 'none'), retention, now)).toBe(0);
  });

  async function keep(
    build: string,
    log: {
      readonly ageMs: number;
      readonly bytes?: number;
      readonly files?: readonly string[];
    },
  ): Promise<void> {
    const { ageMs, bytes = 1, files = ['1.log'] } = log;
    const at = new Date(now - ageMs);
    await mkdir(join(dir, build), { recursive: true });
    for (const file of files) {
      await writeFile(join(dir, build, file), 'x'.repeat(bytes));
      await utimes(join(dir, build, file), at, at);
    }
    await utimes(join(dir, build), at, at);
  }
});
