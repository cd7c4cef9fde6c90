import { pbkdf2 } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startServer } from './server-process.ts';

test('a server that ends at once is told at once, also by a process that is busy with files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-server-'));
  const places = {
    dataDir: folder,
    socketPath: join(folder, 'redis.sock'),
    logFile: join(folder, 'server.log'),
  };
  const program = { command: 'false', leadingArgs: [], title: 'a server that is none' };
  const endLoad = keepThreadsBusy();

  const starting = startServer(program, places, () => undefined).finally(endLoad);

  await expect(starting).rejects.toThrow('a server that is none did not start: it said nothing');
  await rm(folder, { recursive: true });
});

/** File operations then wait for a thread of the pool. */
function keepThreadsBusy(): () => void {
  let isOver = false;
  const work = (): void => {
    if (!isOver) pbkdf2('a', 'b', 40_000, 64, 'sha512', work);
  };
  for (let thread = 0; thread < 8; thread += 1) work();
  return () => {
    isOver = true;
  };
}
