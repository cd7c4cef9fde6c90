/** Which routes this process answers, by its roles. Health and metrics are answered by every one. */
import { join } from 'node:path';
import type { Settings } from '@gatehouse/settings';
import { registerOperations, registerWeb, type WebDeps } from '@gatehouse/web';
import type { FastifyInstance } from 'fastify';
import type { Adapters } from './adapters.ts';
import { webUrlOf } from './github-app/manifest.ts';
import { renderMetrics } from './render-metrics.ts';
import type { Roles } from './roles.ts';
import { version } from './version.ts';

/** Where the browser part is built by whatever sets this working copy up. */
const dashboardFolder = join(import.meta.dirname, '../../dashboard/dist');

/** What routes are made of. */
export interface RoutesDeps {
  readonly settings: Settings;
  readonly adapters: Adapters;
  readonly roles: Roles;
  readonly publicUrl: string;
  readonly sessionKey: Uint8Array;
  readonly state: { readonly isStarted: boolean };
}

/** Registers them; before the app listens. */
export async function registerRoutes(app: FastifyInstance, deps: RoutesDeps): Promise<void> {
  deps.roles.ingress?.registerRoutes(app);
  const web = webDeps(deps);
  if (deps.settings.roles.includes('web')) await registerWeb(app, web);
  else registerOperations(app, web);
}

function webDeps(deps: RoutesDeps): WebDeps {
  const { settings, adapters, publicUrl, sessionKey } = deps;
  const { store, queue, github, logs, metrics, clock, log } = adapters;
  const { engine } = deps.roles;
  return {
    deliveries: store.deliveries,
    tenants: store.tenants,
    builds: store.builds,
    standings: store.standings,
    queue,
    logs,
    announcements: store.announcements,
    changes: github,
    clock,
    log: log.child({ role: 'web' }),
    renderMetrics: () => renderMetrics({ queue, metrics, log }),
    readiness: () => readiness(deps),
    recentBuildsets: (tenant, buildsetsMax) => store.tenants.recentBuildsets(tenant, buildsetsMax),
    // Without the engine in this process, an administrator cannot have a change run here.
    ...(engine === null ? {} : { enqueue: engine.enqueue }),
    dashboardFolder,
    settings: {
      publicUrl,
      adminToken: settings.adminToken,
      isPublicDashboard: settings.isDashboardPublic,
      sessionKey,
      codeHostUrl: webUrlOf(settings.githubApiUrl),
      version,
    },
  };
}

async function readiness({ adapters, roles, state }: RoutesDeps) {
  const reasons: string[] = [];
  if (!state.isStarted) reasons.push('The service is starting or stopping.');
  const isRedisThere = await adapters.ping().then(
    () => true,
    () => false,
  );
  if (!isRedisThere) reasons.push('Redis does not answer.');
  for (const { name, role } of roles.named) {
    if (!role.isRunning) reasons.push(`The role ${name} does not run.`);
  }
  return { ready: reasons.length === 0, reasons };
}
