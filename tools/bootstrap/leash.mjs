/**
 * Loaded into the process that the bootstrap starts (`--import`), before its own code. The
 * bootstrap holds the other end of a pipe and never writes to it; when the pipe closes, the
 * bootstrap is gone, and this process asks itself to stop as if it had been asked from outside.
 * Nobody is left to sweep behind it, so it takes the rest of its process group along.
 *
 * The variable is removed at once: what this process starts inherits neither the pipe nor the
 * wish, and the same descriptor number means something else there.
 */
import { Socket } from 'node:net';

/** How long an orderly stop may take before the whole process group is ended, in milliseconds. */
const graceMs = 10_000;

const fd = Number(process.env.RUN_LEASH_FD);
delete process.env.RUN_LEASH_FD;

if (Number.isInteger(fd) && fd > 2) {
  const leash = new Socket({ fd, readable: true, writable: false });
  leash.on('error', () => leash.destroy());
  leash.on('close', () => {
    process.once('exit', () => process.kill(-process.pid, 'SIGTERM'));
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(-process.pid, 'SIGKILL'), graceMs).unref();
  });
  leash.resume();
  leash.unref();
}
