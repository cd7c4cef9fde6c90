import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildId, buildId } from '@gatehouse/model';
import type { JobLogs } from '@gatehouse/ports';
import { recordingLog } from '@gatehouse/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJobLogs } from './create-job-logs.ts';

const build = buildId('b-1');
const log = recordingLog();

describe('job logs', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gatehouse-logs-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('can be read along while another process writes them', async () => {
    const writer = await createJobLogs({ log, dir }).openLog(build, 1);
    const reader = createJobLogs({ log, dir });

    await writer.write(Buffer.from('one\n'));
    const first = await reader.readLog(build, 1, 0);
    await writer.write(Buffer.from('two\n'));
    const second = await reader.readLog(build, 1, first?.nextOffset ?? 0);
    const nothingNew = await reader.readLog(build, 1, second?.nextOffset ?? 0);
    await writer.close();
    const last = await reader.readLog(build, 1, second?.nextOffset ?? 0);

    expect([textOf(first), textOf(second), textOf(nothingNew)]).toEqual(['one\n', 'two\n', '']);
    expect(nothingNew).toMatchObject({ nextOffset: 8, isComplete: false });
    expect(last).toMatchObject({ nextOffset: 8, isComplete: true });
  });

  it('are complete as they were written when they are short', async () => {
    const logs = createJobLogs({ log, dir, bytesMax: 100 });

    await writeLog(logs, ['a'.repeat(79), '\n', 'b'.repeat(20)]);

    expect(await readWhole(logs)).toBe(`${'a'.repeat(79)}\n${'b'.repeat(20)}`);
  });

  it('keep the beginning and the end of what is too long, and say what is missing', async () => {
    const logs = createJobLogs({ log, dir, bytesMax: 100 });
    const lines = Array.from({ length: 1_000 }, (_, i) => `line ${i}\n`);

    await writeLog(logs, lines);

    const text = await readWhole(logs);
    const kept = text.split('\n').filter((line) => /^line \d+$/.test(line));
    expect(text.startsWith(lines.slice(0, 11).join(''))).toBe(true);
    expect(text.endsWith('\nline 998\nline 999\n')).toBe(true);
    const said = Number(/\[gatehouse: (\d+) bytes left out here\]/.exec(text)?.[1]);
    const marker = `\n[gatehouse: ${said} bytes left out here]\n`;
    expect(text.length - marker.length + said).toBe(lines.join('').length);
    expect(kept.length).toBeLessThan(20);
  });

  it('stay small when a job prints a hundred megabytes', async () => {
    const logs = createJobLogs({ log, dir });
    const writer = await logs.openLog(build, 1);
    const chunk = Buffer.alloc(1024 * 1024, 'x');

    for (let i = 0; i < 100; i += 1) await writer.write(chunk);
    await writer.close();

    const { size } = await stat(join(dir, build, '1.log'));
    expect(size).toBeGreaterThan(10 * 1024 * 1024 - 1);
    expect(size).toBeLessThan(10 * 1024 * 1024 + 100);
  });

  it('take writes in order when nobody waits for them', async () => {
    const logs = createJobLogs({ log, dir });
    const writer = await logs.openLog(build, 1);

    const writes = Array.from({ length: 50 }, (_, i) => writer.write(Buffer.from(`${i} `)));
    await writer.close();

    await Promise.all(writes);
    expect(await readWhole(logs)).toBe(Array.from({ length: 50 }, (_, i) => `${i} `).join(''));
  });

  it('are read in parts of a bounded size', async () => {
    const logs = createJobLogs({ log, dir });
    await writeLog(logs, ['y'.repeat(3 * 1024 * 1024)]);

    const part = await logs.readLog(build, 1, 0);

    expect(part?.bytes.length).toBe(1024 * 1024);
    expect(part?.isComplete).toBe(false);
    expect(await readWhole(logs)).toHaveLength(3 * 1024 * 1024);
  });

  it('give the newest attempt when none is named, and say which that is', async () => {
    const logs = createJobLogs({ log, dir });
    await writeLog(logs, ['first'], 9);
    await writeLog(logs, ['second'], 10);

    const newest = await logs.readLog(build, null, 0);
    const named = await logs.readLog(build, 9, 0);
    expect([newest, named].map(textOf)).toEqual(['second', 'first']);
    expect([newest?.attempt, named?.attempt]).toEqual([10, 9]);
  });

  it('are over when a newer attempt began, even if their writer died', async () => {
    const logs = createJobLogs({ log, dir });
    const died = await logs.openLog(build, 1);
    await died.write(Buffer.from('cut'));
    await writeLog(logs, ['second'], 2);

    expect(await logs.readLog(build, 1, 0)).toMatchObject({ nextOffset: 3, isComplete: true });
    await died.close();
  });

  it('go on where they ended when an attempt is opened again, and stay bounded', async () => {
    const logs = createJobLogs({ log, dir, bytesMax: 100 });
    await writeLog(logs, ['a'.repeat(70)]);
    await writeLog(logs, ['b'.repeat(500)]);
    const { size: once } = await stat(join(dir, build, '1.log'));
    await writeLog(logs, ['c'.repeat(500)]);

    const { size: twice } = await stat(join(dir, build, '1.log'));
    const text = await readWhole(logs);
    expect(text.startsWith(`${'a'.repeat(70)}${'b'.repeat(10)}\n[gatehouse: `)).toBe(true);
    expect(text.endsWith('c'.repeat(20))).toBe(true);
    expect(twice - once).toBeLessThan(5);
  });

  it('do not exist for builds and attempts nobody logged', async () => {
    const logs = createJobLogs({ log, dir });
    await writeLog(logs, ['x']);

    expect(await logs.readLog(buildId('b-2'), null, 0)).toBeNull();
    expect(await logs.readLog(build, 2, 0)).toBeNull();
    expect(await logs.readLog(build, 0, 0)).toBeNull();
  });

  it('never leave their folder, whatever a build is called', async () => {
    const logs = createJobLogs({ log, dir });
    await writeLog(logs, ['x']);
    const hostile = ['../etc', '..', '.', 'a/b', '/etc', 'a\u0000b', ''] as BuildId[]; // unchecked

    for (const id of hostile) {
      expect(await logs.readLog(id, null, 0)).toBeNull();
      expect(() => logs.openLog(id, 1)).toThrow('one plain word');
    }
  });

  it('can be read by their owner only', async () => {
    await writeLog(createJobLogs({ log, dir: join(dir, 'deeper') }), ['x']);

    const modes = await Promise.all(
      ['deeper', 'deeper/b-1', 'deeper/b-1/1.log'].map(async (name) => {
        return ((await stat(join(dir, name))).mode & 0o777).toString(8);
      }),
    );
    expect(modes).toEqual(['700', '700', '600']);
  });

  it('make room for themselves once an hour, beside what goes on', async () => {
    const hourMs = 60 * 60 * 1_000;
    let now = Date.now();
    const retention = { keepMs: 10 * hourMs, totalBytesMax: 1_000 };
    const logs = createJobLogs({ log, dir, retention, now: () => now });
    const old = buildId('b-0');
    await (await logs.openLog(old, 1)).close();

    now += 25 * hourMs;
    await writeLog(logs, ['x']);

    await expect.poll(() => logs.readLog(old, 1, 0)).toBeNull();
    await expect
      .poll(() => log.lines.map(({ message }) => message))
      .toContain('old job logs were removed');
    expect(await readWhole(logs)).toBe('x');
  });

  it('give an empty part for an offset beyond their end', async () => {
    const logs = createJobLogs({ log, dir });
    await writeLog(logs, ['abc']);

    expect(await logs.readLog(build, 1, 99)).toMatchObject({ nextOffset: 3, isComplete: true });
    expect(await logs.readLog(build, 1, -5)).toMatchObject({ nextOffset: 3, isComplete: true });
  });
});

async function writeLog(logs: JobLogs, texts: readonly string[], attempt = 1): Promise<void> {
  await using writer = await logs.openLog(build, attempt);
  for (const text of texts) await writer.write(Buffer.from(text));
}

async function readWhole(logs: JobLogs): Promise<string> {
  let text = '';
  let offset = 0;
  for (;;) {
    const part = await logs.readLog(build, 1, offset);
    if (part === null) throw new Error('the log is not there');
    text += textOf(part);
    offset = part.nextOffset;
    if (part.isComplete) return text;
  }
}

function textOf(part: { readonly bytes: Uint8Array } | null): string {
  return Buffer.from(part?.bytes ?? []).toString();
}
