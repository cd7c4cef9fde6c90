/**
 * The pages' routes: the dashboard's shell for whoever may see the page, else the sign-in page,
 * whether there is something at the address or not.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FailurePage } from '../http/failures.ts';
import type { ReadDeps } from '../read/read-api.ts';
import { text } from '../text.ts';
import type { AssetVersions } from './assets.ts';
import { html } from './html.ts';
import { type Frame, type Page, renderPage } from './page.ts';
import { signInPage } from './sign-in-page.ts';

/** Puts pages into their frame. */
export interface PageSender {
  /** @param complaint what went wrong with the last try; null: nothing. @param next where to go */
  sendSignIn(request: FastifyRequest, reply: FastifyReply, ask: SignInAsk): FastifyReply;
  readonly failurePage: FailurePage;
}

/** What the sign-in page is asked to say. */
export interface SignInAsk {
  readonly next: string;
  readonly complaint: string | null;
  /** See {@link signInPage}; false unless given. */
  readonly isPublic?: boolean;
}

const HTML = 'text/html; charset=utf-8';

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
  const send = (request: FastifyRequest, reply: FastifyReply, page: Page): FastifyReply =>
    reply.type(HTML).send(renderPage(page, frameOf(request)));
  return {
    sendSignIn: (request, reply, ask) =>
      send(
        request,
        reply,
        signInPage({ isPublic: false, ...ask, isPossible: adminToken !== null }, links),
      ),
    failurePage: ({ status, message }, request) => {
      const title = text.failureTitle(status);
      const content = html`<h1>${title}</h1><p>${message}</p><p><a href="${links.front}">${text.home}</a></p>`;
      return renderPage({ title, content }, frameOf(request));
    },
  };
}

/** What the pages are made of. */
export interface PagesDeps {
  readonly read: ReadDeps;
  readonly sender: PageSender;
  /** HTML of the built dashboard; null: it was not built. */
  readonly shell: string | null;
}

/** Registers `/`, `/buildsets/:id` and `/builds/:id`. */
export function registerPages(scope: FastifyInstance, { read, sender, shell }: PagesDeps): void {
  const { runs, viewerOf } = read;

  const sendShell = (request: FastifyRequest, reply: FastifyReply, status: 200 | 404) => {
    if (shell !== null) return reply.code(status).type(HTML).send(shell);
    const failure = text.failures.notBuilt;
    return reply.code(failure.status).type(HTML).send(sender.failurePage(failure, request));
  };
  // The shell itself says that there is nothing; strangers may have to sign in to see it.
  const sendMissing = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const viewer = viewerOf(request);
    if (viewer.isSignedIn) return sendShell(request, reply, 404);
    const isPublic = runs.maySeeAnything(viewer);
    return sender.sendSignIn(request, reply, { next: request.url, complaint: null, isPublic });
  };

  scope.get('/', async (request, reply) =>
    runs.maySeeAnything(viewerOf(request))
      ? sendShell(request, reply, 200)
      : sendMissing(request, reply),
  );

  scope.get<{ Params: { id: string } }>('/buildsets/:id', async (request, reply) => {
    const item = await runs.find(request.params.id, viewerOf(request));
    return item === null ? sendMissing(request, reply) : sendShell(request, reply, 200);
  });

  scope.get<{ Params: { id: string } }>('/builds/:id', async (request, reply) => {
    const found = await runs.findBuild(request.params.id, viewerOf(request));
    return found === null ? sendMissing(request, reply) : sendShell(request, reply, 200);
  });
}
