/** The pages' routes. Who may not see a page gets the sign-in page, whether it exists or not. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FailurePage } from '../http/failures.ts';
import { liveRuns, type ReadDeps } from '../read/read-api.ts';
import { text } from '../text.ts';
import type { AssetVersions } from './assets.ts';
import { buildsetPage } from './buildset-page.ts';
import { frontPage } from './front-page.ts';
import { html } from './html.ts';
import { logPage, readLogStart } from './log-page.ts';
import { type Frame, type Page, renderPage } from './page.ts';
import { signInPage } from './sign-in-page.ts';

/** Puts pages into their frame. */
export interface PageSender {
  send(request: FastifyRequest, reply: FastifyReply, page: Page): FastifyReply;
  /** @param complaint what went wrong with the last try; null: nothing. @param next where to go */
  sendSignIn(request: FastifyRequest, reply: FastifyReply, ask: SignInAsk): FastifyReply;
  readonly failurePage: FailurePage;
}

/** What the sign-in page is asked to say. */
export interface SignInAsk {
  readonly next: string;
  readonly complaint: string | null;
}

/** For the viewer of each request. */
export function createPageSender(
  { deps, links, viewerOf }: ReadDeps,
  assets: AssetVersions,
): PageSender {
  const { version, adminToken } = deps.settings;
  const frameOf = (request: FastifyRequest): Frame => ({
    links,
    assets,
    version,
    viewer: viewerOf(request),
  });
  const send: PageSender['send'] = (request, reply, page) =>
    reply.type('text/html; charset=utf-8').send(renderPage(page, frameOf(request)));
  return {
    send,
    sendSignIn: (request, reply, ask) =>
      send(request, reply, signInPage({ ...ask, isPossible: adminToken !== null }, links)),
    failurePage: ({ status, message }, request) => {
      const title = text.failureTitle(status);
      const content = html`<h1>${title}</h1><p>${message}</p><p><a href="${links.front}">${text.home}</a></p>`;
      return renderPage({ title, content }, frameOf(request));
    },
  };
}

/** Registers `/`, `/buildsets/:id` and `/builds/:id`. */
export function registerPages(scope: FastifyInstance, read: ReadDeps, sender: PageSender): void {
  const { deps, runs, links, viewerOf } = read;
  const missing = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (!viewerOf(request).isSignedIn) {
      return sender.sendSignIn(request, reply, { next: request.url, complaint: null });
    }
    const page = sender.failurePage(text.failures.notFound, request);
    return reply.code(404).type('text/html; charset=utf-8').send(page);
  };

  scope.get('/', async (request, reply) => {
    const viewer = viewerOf(request);
    if (!runs.maySeeAnything(viewer)) return missing(request, reply);
    const tenants = await runs.tenants(viewer);
    const live = await liveRuns(runs, viewer);
    const recent = (await Promise.all(tenants.map((one) => runs.recent(one, viewer)))).flat();
    recent.sort((a, b) => (b.completedAt ?? 0) - (a.completedAt ?? 0));
    return sender.send(
      request,
      reply,
      frontPage({ live, recent: recent.slice(0, RECENT_SHOWN_MAX), now: deps.clock.now() }, links),
    );
  });

  scope.get<{ Params: { id: string } }>('/buildsets/:id', async (request, reply) => {
    const item = await runs.find(request.params.id, viewerOf(request));
    return item === null
      ? missing(request, reply)
      : sender.send(request, reply, buildsetPage(item, links, deps.clock.now()));
  });

  scope.get<{ Params: { id: string } }>('/builds/:id', async (request, reply) => {
    const found = await runs.findBuild(request.params.id, viewerOf(request));
    if (found === null) return missing(request, reply);
    const start = await readLogStart(deps.logs, found.build.id);
    return sender.send(request, reply, logPage(found, start, links));
  });
}

/** Finished runs on the front page, over all tenants. */
const RECENT_SHOWN_MAX = 30;
