import { writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DRAIN_IDLE_MS } from '../limits.ts';
import { openOutputPipe } from './output-pipe.ts';

test('what came while the service was held up is no silence', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-pipe-'));
  const said: Uint8Array[] = [];
  const pipe = await openOutputPipe({
    path: join(folder, 'pipe'),
    searchPath: process.env.PATH ?? '',
    write: async (chunk) => void said.push(chunk),
  });

  const drained = pipe.drain();
  writeSync(pipe.writeFd, 'last');
  holdUp(DRAIN_IDLE_MS * 1.5);
  await drained;

  expect(Buffer.concat(said).toString()).toBe('last');
  pipe.closeOurEnd();
  await rm(folder, { recursive: true });
});

/** Nothing else happens in this process meanwhile. */
function holdUp(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
