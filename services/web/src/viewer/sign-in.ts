/**
 * Signing in with the admin token, and out. Forms from other sites are refused, and so is an
 * address that keeps trying.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isSameSecret } from '../http/bearer.ts';
import { readForms } from '../http/bodies.ts';
import type { PageSender } from '../pages/pages.ts';
import type { ReadDeps } from '../read/read-api.ts';
import { text } from '../text.ts';
import { isSameOrigin, localPath } from './same-origin.ts';
import type { Sessions } from './session.ts';
import { createTries } from './tries.ts';

/** A token and an address. */
const FORM_BYTES_MAX = 8 * 1024;

interface FormRoute {
  Body: URLSearchParams | undefined;
}

interface SignInDeps {
  readonly read: ReadDeps;
  readonly sender: PageSender;
  readonly sessions: Sessions;
}

/** Registers `/sign-in` and `/sign-out`. */
export function registerSignIn(parent: FastifyInstance, signInDeps: SignInDeps): void {
  const { read, sender, sessions } = signInDeps;
  const { clock, log, settings } = read.deps;
  const tries = createTries();
  const isOwnForm = (request: FastifyRequest): boolean =>
    isSameOrigin(request.headers, settings.publicUrl);
  parent.register(async (scope) => {
    readForms(scope);

    scope.get('/sign-in', async (request, reply) =>
      sender.sendSignIn(request, reply, { next: read.links.front, complaint: null }),
    );

    scope.post<FormRoute>('/sign-in', { bodyLimit: FORM_BYTES_MAX }, async (request, reply) => {
      const { body, ip } = request;
      const next = localPath(body?.get('next') ?? null, settings.publicUrl);
      const complain = (status: number, complaint: string) =>
        sender.sendSignIn(request, reply.code(status), { next, complaint });
      if (!isOwnForm(request)) return complain(403, text.signIn.crossSite);
      if (settings.adminToken === null) return complain(403, text.signIn.off);
      const now = clock.now();
      const waitSeconds = Math.ceil(tries.waitMs(ip, now) / 1000);
      if (waitSeconds > 0) {
        reply.header('retry-after', String(waitSeconds));
        return complain(429, text.signIn.wait(waitSeconds));
      }
      if (!isSameSecret(body?.get('token') ?? '', settings.adminToken)) {
        tries.fail(ip, now);
        log.warn({ ip }, 'somebody tried to sign in with a wrong token');
        return complain(403, text.signIn.wrong);
      }
      log.info({ ip }, 'an administrator signed in');
      return reply.header('set-cookie', sessions.open(now)).redirect(next, 303);
    });

    scope.post<FormRoute>('/sign-out', { bodyLimit: FORM_BYTES_MAX }, async (request, reply) => {
      if (!isOwnForm(request)) {
        const ask = { next: read.links.front, complaint: text.signIn.crossSite };
        return sender.sendSignIn(request, reply.code(403), ask);
      }
      return reply.header('set-cookie', sessions.close()).redirect(read.links.front, 303);
    });
  });
}
