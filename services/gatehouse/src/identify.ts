/**
 * Learning who this App is. Its own comments and clicks are told apart by that, and a wrong key is
 * found at once; but a GitHub that is away must not keep the service from taking webhooks, so the
 * answer is waited for a moment and asked for again in the background.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { kindOf } from '@gatehouse/model';
import type { Log } from '@gatehouse/ports';

/** How long starting waits for the answer, in milliseconds. */
const PATIENCE_MS = 3_000;
/** Pause before asking again, in milliseconds. */
const AGAIN_MS = 15_000;

/** What it asks. */
export interface IdentifyDeps {
  connect(): Promise<{ readonly slug: string }>;
  readonly log: Log;
}

/**
 * Resolves when GitHub has answered, or after a moment without an answer. Asks on until `signal`.
 * @throws GatehouseError of kind `operator` when GitHub does not accept the App's key.
 */
export async function identify(deps: IdentifyDeps, signal: AbortSignal): Promise<void> {
  const asking = ask(deps, signal);
  // Until it is awaited here; afterwards a late refusal is logged by the loop itself.
  const patience = delay(PATIENCE_MS, 'later' as const, { ref: false });
  await Promise.race([asking, patience]);
}

async function ask(deps: IdentifyDeps, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  while (!signal.aborted) {
    try {
      const { slug } = await deps.connect();
      deps.log.info({ app: slug }, 'GitHub knows this App');
      return;
    } catch (error) {
      const isEarly = performance.now() - startedAt < PATIENCE_MS;
      if (kindOf(error) === 'operator' && isEarly) throw error;
      deps.log.warn({ err: error }, 'GitHub does not say who this App is; asking again');
    }
    await delay(AGAIN_MS, undefined, { ref: false, signal }).catch(() => undefined);
  }
}
