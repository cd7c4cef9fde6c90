/** Finds what a launch message speaks of. */
import { itemRecordKey, readItem } from '@gatehouse/pipeline';
import type { MessageCatalogue, TenantStore } from '@gatehouse/ports';
import type { Attempt } from './attempt.ts';
import { RETRY_PAUSE_MAX_MS, RETRY_PAUSE_MS } from './limits.ts';

type LaunchMessage = MessageCatalogue['launches'];

/** The build, whatever became of it; null: it is not known any more. */
export async function findBuild(
  tenants: Pick<TenantStore, 'readRecords'>,
  message: LaunchMessage,
): Promise<Attempt | null> {
  const key = itemRecordKey(message.buildset);
  const [stored] = await tenants.readRecords(message.tenant, [key]);
  if (stored === null || stored === undefined) return null;
  const item = readItem(stored);
  const build = item.builds.find((one) => one.id === message.build);
  return build === undefined ? null : { item, build };
}

/** The attempt, if it is the one that counts and is not over; null: the message is stale. */
export async function findAttempt(
  tenants: Pick<TenantStore, 'readRecords'>,
  message: LaunchMessage,
): Promise<Attempt | null> {
  const found = await findBuild(tenants, message);
  const isLive = found?.build.phase === 'launched' || found?.build.phase === 'running';
  return found !== null && isLive && found.build.attempt === message.attempt ? found : null;
}

/**
 * How long to wait before an attempt begins, in milliseconds: none for the first, then longer each
 * time, so that three attempts are not used up within one hiccup of a server.
 */
export function pauseBefore({ build }: Attempt, now: number): number {
  if (build.attempt <= 1 || build.launchedAt === null) return 0;
  const pauseMs = Math.min(RETRY_PAUSE_MS * 2 ** (build.attempt - 2), RETRY_PAUSE_MAX_MS);
  return Math.max(0, build.launchedAt + pauseMs - now);
}
