import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runningDemo } from './running-demo.ts';

let dir: string;
let note: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatehouse-running-demo-'));
  note = join(dir, 'running.json');
});

afterEach(() => rm(dir, { recursive: true, force: true }));

const dashboardUrl = 'http://localhost:8080';

it('is found by the note of a process that lives', async () => {
  await writeFile(note, JSON.stringify({ pid: process.pid, dashboardUrl }));

  expect(await runningDemo(note)).toBe(dashboardUrl);
});

// Linux gives no process a number as high as this.
const notes = [
  '{"pid": 2147483646, "dashboardUrl": "http://localhost:8080"}',
  '{"pid": "1", "dashboardUrl": "x"}',
  '{"pid": 1}',
  'null',
  'cut off {',
];

for (const text of notes) {
  it(`is not there by the note ${text}`, async () => {
    await writeFile(note, text);

    expect(await runningDemo(note)).toBeNull();
  });
}

it('is not there without a note', async () => {
  expect(await runningDemo(note)).toBeNull();
});
