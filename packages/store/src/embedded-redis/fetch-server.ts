/** Fetches a server into a folder that several processes may share: one fetches, others wait. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { takeDataLock } from './data-lock.ts';
import { fetchDistributionPackage } from './distribution-package.ts';
import { findUnpacked, type ProgramSearch } from './server-program.ts';

/** Above the sum of what fetching may take. */
const waitMaxMs = 600_000;

/** @param serverDir becomes the unpacked tree. */
export async function fetchServer(
  serverDir: string,
  onStep: (text: string) => void,
): Promise<ProgramSearch> {
  const lockDir = `${serverDir}.lock`;
  await mkdir(dirname(serverDir), { recursive: true, mode: 0o700 });
  await mkdir(lockDir, { recursive: true, mode: 0o700 });
  const started = performance.now();
  let toldAt = started;
  for (;;) {
    const lock = await takeDataLock(lockDir);
    if (lock !== null) {
      try {
        const present = await findUnpacked(serverDir); // another process may just have made it
        if (present.isFound) return present;
        const workDir = `${serverDir}.work`;
        return await fetchDistributionPackage({ targetDir: serverDir, workDir, onStep });
      } finally {
        await lock.release();
      }
    }
    if (performance.now() - started > waitMaxMs) {
      return { isFound: false, reason: 'another process has been fetching it for ten minutes' };
    }
    if (performance.now() - toldAt > 3_000) {
      toldAt = performance.now();
      onStep('… another process is fetching the Redis server');
    }
    await delay(100);
  }
}
