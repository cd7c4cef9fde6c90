/**
 * The web role: callbacks of runners, the admin and read APIs, and the pages. It keeps nothing but
 * a few counters and open streams; everything it shows is read when it is asked for.
 */
import type { FastifyInstance } from 'fastify';
import { registerAdmin } from './admin/admin.ts';
import { registerCallbacks } from './callbacks/callbacks.ts';
import type { WebDeps } from './deps.ts';
import { handleFailures } from './http/failures.ts';
import { addSecurityHeaders } from './http/security-headers.ts';
import { createLinks } from './links.ts';
import { registerOperations } from './operations/operations.ts';
import { registerAssets } from './pages/assets.ts';
import { registerDashboard } from './pages/dashboard.ts';
import { createPageSender, registerPages } from './pages/pages.ts';
import { registerChangeStream } from './read/change-stream.ts';
import { createConfigurationReader } from './read/configuration.ts';
import { registerLogApi } from './read/log-api.ts';
import { type ReadDeps, registerReadApi } from './read/read-api.ts';
import { createRuns } from './read/runs.ts';
import { createSessions } from './viewer/session.ts';
import { registerSignIn } from './viewer/sign-in.ts';
import { createViewers } from './viewer/viewers.ts';
import { createVisibility } from './viewer/visibility.ts';

/**
 * What the server has to be made with: `fastify({ ...webServerOptions })`. Ids in addresses are
 * longer than fastify's 100 characters: up to 128 for a buildset, and a build's ordinal after it.
 */
export const webServerOptions = { routerOptions: { maxParamLength: 192 } } as const;

/**
 * Registers every route of this role on a server that somebody else listens with. Hooks, parsers
 * and error answers stay in a scope of their own; the answer to unknown routes is the server's.
 */
export async function registerWeb(app: FastifyInstance, deps: WebDeps): Promise<void> {
  await app.register(async (scope) => {
    addSecurityHeaders(scope);
    const { clock, settings } = deps;
    const sessions = createSessions(settings);
    const visibility = createVisibility(deps);
    const read: ReadDeps = {
      deps,
      links: createLinks(settings.publicUrl),
      runs: createRuns(deps, visibility),
      readConfiguration: createConfigurationReader(deps, visibility),
      viewerOf: createViewers({ sessions, clock, settings }),
    };
    const sender = createPageSender(read, await registerAssets(scope));
    const shell = await registerDashboard(scope, deps.dashboardFolder, read.links);
    handleFailures(scope, deps.log, sender.failurePage);
    registerOperations(scope, deps);
    registerCallbacks(scope, deps);
    registerAdmin(scope, deps);
    registerReadApi(scope, read);
    registerLogApi(scope, read);
    registerChangeStream(scope, read);
    registerPages(scope, { read, sender, shell });
    registerSignIn(scope, { read, sender, sessions });
  });
}
