/** Ctrl-C and SIGTERM: the first ends in order, the second at once. */

/** How long ending in order may take, in milliseconds; GitHub redelivers what was in hand. */
const STOP_PATIENCE_MS = 20_000;

/** Resolves when the process is asked to end; a second request ends it at once. */
export function untilAskedToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isAsked = false;
    const ask = (signal: NodeJS.Signals): void => {
      if (isAsked) process.exit(130);
      isAsked = true;
      // Does not keep the process alive: it only ends one that hangs.
      setTimeout(() => process.exit(1), STOP_PATIENCE_MS).unref();
      resolve(signal);
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
  });
}
