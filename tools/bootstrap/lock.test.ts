import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withLock } from './lock.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-lock-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const owner = { pid: process.pid, startedAt: '', host: hostname(), released: false };

function leaveLock(number: number, parts: Partial<typeof owner>): string {
  const file = path.join(folder, `lock-${number}`);
  writeFileSync(file, JSON.stringify({ ...owner, ...parts }));
  return file;
}

const take = (onWait = vi.fn()) => withLock(folder, { onWait }, async () => 'done');

/** The number of a process that has just ended. */
function deadPid(): number {
  return spawnSync('true').pid;
}

test('work runs alone: one begins only when the other has ended', async () => {
  const events: string[] = [];
  const work = (name: string) =>
    withLock(folder, { onWait: vi.fn() }, async () => {
      events.push(`${name} begins`);
      await new Promise(setImmediate);
      events.push(`${name} ends`);
    });

  await Promise.all([work('a'), work('b'), work('c')]);

  const pairs = [events.slice(0, 2), events.slice(2, 4), events.slice(4, 6)];
  for (const [begin, end] of pairs) expect(end).toBe(begin?.replace('begins', 'ends'));
});

test('a lock whose owner is dead is taken over without waiting', async () => {
  leaveLock(3, { pid: deadPid() });
  const onWait = vi.fn();

  expect(await take(onWait)).toBe('done');
  expect(onWait).not.toHaveBeenCalled();
});

test('a lock whose owner number now belongs to another process is taken over', async () => {
  leaveLock(3, { startedAt: '1' });
  const onWait = vi.fn();

  expect(await take(onWait)).toBe('done');
  expect(onWait).not.toHaveBeenCalled();
});

test('a lock that holds no owner is taken over', async () => {
  writeFileSync(path.join(folder, 'lock-1'), 'half a fi');

  expect(await take()).toBe('done');
});

test('a live owner is waited for, and the wait is announced', async () => {
  const file = leaveLock(1, {});
  const onWait = vi.fn(() => writeFileSync(file, JSON.stringify({ ...owner, released: true })));

  expect(await take(onWait)).toBe('done');
  expect(onWait).toHaveBeenCalledWith(owner);
});

test('an owner on another host lives as long as it renews its file', async () => {
  const file = leaveLock(1, { host: 'elsewhere', pid: deadPid() });
  const longAgo = new Date(Date.now() - 60_000);
  const onWait = vi.fn(() => utimesSync(file, longAgo, longAgo));

  expect(await take(onWait)).toBe('done');
  expect(onWait).toHaveBeenCalledOnce();
});

test('an abort ends the wait with its reason', async () => {
  leaveLock(1, {});
  const controller = new AbortController();
  const onWait = () => controller.abort(new Error('enough'));

  const waiting = withLock(folder, { onWait, signal: controller.signal }, async () => 'done');

  await expect(waiting).rejects.toThrow('enough');
});

test('work that fails releases the lock', async () => {
  const failing = withLock(folder, { onWait: vi.fn() }, async () => {
    throw new Error('no');
  });

  await expect(failing).rejects.toThrow('no');
  expect(await take()).toBe('done');
});

test('the folder does not fill up with old locks', async () => {
  for (let i = 0; i < 5; i += 1) await take();

  expect(readdirSync(folder)).toEqual(['lock-5']);
});
