/**
 * One process per data folder. On Linux the lock is a listening socket in the abstract namespace:
 * the kernel takes it away with its process, however that ends, so it can never be left over.
 * Elsewhere there is no such namespace, and a file with the process id stands in for it.
 * Source: https://man7.org/linux/man-pages/man7/unix.7.html (abstract sockets)
 */
import { createHash } from 'node:crypto';
import { readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** A lock that is held. */
export interface DataLock {
  release(): Promise<void>;
}

/** @returns null when another living process holds it. */
export async function takeDataLock(dir: string): Promise<DataLock | null> {
  const place = await realpath(dir);
  if (process.platform !== 'linux') return takeFileLock(join(place, 'lock'));
  const digest = createHash('sha256').update(place).digest('hex');
  return takeSocketLock(`\0gatehouse-redis-${digest}`);
}

function takeSocketLock(name: string): Promise<DataLock | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen({ path: name }, () => {
      server.unref();
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

async function takeFileLock(file: string): Promise<DataLock | null> {
  const holder = Number(await readFile(file, 'utf8').catch(() => '')); // no file: nobody
  if (holder > 0 && holder !== process.pid && isAlive(holder)) return null;
  await writeFile(file, String(process.pid), { mode: 0o600 });
  return { release: () => rm(file, { force: true }) };
}

/** True when a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
