/** Who looks: somebody who is signed in, or a stranger. */
import type { Clock } from '@gatehouse/ports';
import type { FastifyRequest } from 'fastify';
import type { WebSettings } from '../deps.ts';
import { bearerOf, isSameSecret } from '../http/bearer.ts';
import type { Sessions } from './session.ts';

/** Whoever asks. */
export interface Viewer {
  readonly isSignedIn: boolean;
  /** True when they came with a browser's session, which they can end. */
  readonly hasSession: boolean;
}

/** Tells viewers apart. */
export type IdentifyViewer = (request: FastifyRequest) => Viewer;

interface Deps {
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly settings: Pick<WebSettings, 'adminToken'>;
}

/** A session cookie signs in, and so does the admin token as a bearer token, for scripts. */
export function createViewers({ sessions, clock, settings }: Deps): IdentifyViewer {
  return ({ headers }) => {
    const hasSession = sessions.isOpen(headers.cookie, clock.now());
    const hasToken = isAdminToken(settings.adminToken, headers.authorization);
    return { isSignedIn: hasSession || hasToken, hasSession };
  };
}

/** True when the header carries the admin token. @param adminToken null: nobody does */
export function isAdminToken(
  adminToken: string | null,
  authorization: string | undefined,
): boolean {
  const given = bearerOf(authorization);
  return adminToken !== null && given !== null && isSameSecret(given, adminToken);
}
