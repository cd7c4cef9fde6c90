/** Who reports: the attempt that a callback token belongs to. Asked before the body is read. */
import { timingSafeEqual } from 'node:crypto';
import { eventId, isBuildId } from '@gatehouse/model';
import type { BuildRegister, BuildTicket } from '@gatehouse/ports';
import { bearerOf } from '../http/bearer.ts';
import { hashToken } from './report-hash.ts';

/** A runner that holds a token of this build, perhaps of an earlier attempt. */
export interface Reporter {
  readonly ticket: BuildTicket;
  readonly tokenHash: string;
}

/** Finds out who reports. */
export async function findReporter(
  builds: BuildRegister,
  id: string,
  authorization: string | undefined,
): Promise<Reporter | 'unknown-build' | 'wrong-token'> {
  if (!isBuildId(id)) return 'unknown-build';
  const ticket = await builds.readTicket(id);
  if (ticket === null) return 'unknown-build';
  const token = bearerOf(authorization);
  if (token === null) return 'wrong-token';
  const tokenHash = hashToken(token);
  if (isSameHash(ticket.tokenHash, tokenHash)) return { ticket, tokenHash };
  return (await isEarlierToken(builds, ticket, tokenHash)) ? { ticket, tokenHash } : 'wrong-token';
}

/**
 * Only the register knows the tokens of earlier attempts. A start under such a token changes
 * nothing there, so its answer can be had for asking: stale, or never given out.
 */
async function isEarlierToken(
  builds: BuildRegister,
  ticket: BuildTicket,
  tokenHash: string,
): Promise<boolean> {
  const { build, buildset, tenant, attempt } = ticket;
  const id = eventId(`${build}/${attempt}/started/probe`);
  const body = { type: 'BuildStarted', id, tenant, at: 0, buildset, build, attempt };
  const answer = await builds.acceptStart({
    build,
    attempt: null,
    tokenHash,
    resultHash: tokenHash,
    event: { id, body: { ...body, logUrl: null, hasLog: false } },
  });
  return answer !== 'wrong-token' && answer !== 'unknown-build';
}

function isSameHash(known: string | null, given: string): boolean {
  if (known === null || known.length !== given.length) return false;
  return timingSafeEqual(Buffer.from(known), Buffer.from(given));
}
