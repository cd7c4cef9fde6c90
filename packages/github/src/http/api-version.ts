/**
 * Which version of the REST API to ask for. Older servers answer 400 to a version they do not
 * know, so the server is asked once what it has; until that answer is there, and where there is
 * none, the version that every server has is used. Only who asks waits for the answer: it may be
 * held up by a limit that is on that installation alone.
 */
import type { Clock } from '@gatehouse/ports';
import { z } from 'zod';

/** Understood by every github.com and every GHES that knows the header at all. */
export const oldestVersion = '2022-11-28';
/** Source: https://docs.github.com/rest/about-the-rest-api/breaking-changes */
export const newestVersion = '2026-03-10';

/** A failed probe is repeated after this time, not with every request. */
const probeAgainAfterMs = 60_000;

const VersionList = z.array(z.string());

/** The version question, answered once for a host. */
export interface ApiVersion {
  /** The version that is known now. */
  current(): string;
  /**
   * Finds out, if that is still open and nobody is about it.
   * @param probe asks `GET /versions`; null: the server has no such route; throws when in doubt.
   */
  settle(probe: () => Promise<unknown>): Promise<string>;
}

export function createApiVersion(clock: Clock): ApiVersion {
  let version = oldestVersion;
  let isSettled = false;
  let notBefore = 0;
  let isAsking = false;

  async function ask(probe: () => Promise<unknown>): Promise<void> {
    try {
      const list = VersionList.safeParse(await probe());
      if (list.success && list.data.includes(newestVersion)) version = newestVersion;
      isSettled = true;
    } catch {
      // The call that follows meets the same trouble and reports it; here it only means: later.
      notBefore = clock.now() + probeAgainAfterMs;
    }
  }

  return {
    current: () => version,
    async settle(probe) {
      if (isSettled || isAsking || clock.now() < notBefore) return version;
      isAsking = true;
      await ask(probe);
      isAsking = false;
      return version;
    },
  };
}
