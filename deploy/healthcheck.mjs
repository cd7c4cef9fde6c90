/**
 * Asks one address and says by its exit code whether the answer was a good one: the image has
 * Node.js, but neither curl nor wget.
 */

/** Shorter than the time that Docker gives the check, in milliseconds. */
const PATIENCE_MS = 4_000;

const [address = ''] = process.argv.slice(2);

try {
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
  const text = await answer.text();
  if (!answer.ok) {
    // Docker keeps what a failed check said: `docker inspect` shows it.
    console.error(`${address} answered ${answer.status}: ${text.slice(0, 1_000)}`);
    process.exitCode = 1;
  }
} catch (error) {
  const reason = error instanceof Error ? (error.cause ?? error) : error;
  console.error(`${address} did not answer: ${String(reason)}`);
  process.exitCode = 1;
}
