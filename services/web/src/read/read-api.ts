/** The read API. What a viewer may not see answers exactly as what does not exist. */
import type {
  BuildBody,
  BuildsetListBody,
  OverviewBody,
  StatusBody,
  ViewerBody,
} from '@gatehouse/contracts';
import { isBuildsetId, tenantId } from '@gatehouse/model';
import type { Item } from '@gatehouse/pipeline';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { WebDeps } from '../deps.ts';
import { sendFailure } from '../http/failures.ts';
import type { Links } from '../links.ts';
import { text } from '../text.ts';
import type { IdentifyViewer, Viewer } from '../viewer/viewers.ts';
import type { ReadConfiguration } from './configuration.ts';
import { measureLoad } from './idle.ts';
import type { Runs } from './runs.ts';
import { viewBuild, viewDetails, viewItem, viewPipelines } from './views.ts';

/** What reading needs. */
export interface ReadDeps {
  readonly deps: WebDeps;
  readonly runs: Runs;
  readonly readConfiguration: ReadConfiguration;
  readonly links: Links;
  readonly viewerOf: IdentifyViewer;
}

/** Finished runs in the overview, over all tenants. */
const RECENT_SHOWN_MAX = 30;

/** Registers the routes that show runs. */
export function registerReadApi(scope: FastifyInstance, read: ReadDeps): void {
  registerOverview(scope, read);
  registerDetails(scope, read);
}

function registerOverview(scope: FastifyInstance, read: ReadDeps): void {
  const { deps, runs, links, viewerOf } = read;
  const { version, adminToken } = deps.settings;
  const can_sign_in = adminToken !== null;

  scope.get('/api/v1/status', async (request): Promise<StatusBody> => {
    const { isIdle, queues } = await measureLoad(deps);
    const items = await liveRuns(runs, viewerOf(request));
    return { version, idle: isIdle, queues, pipelines: viewPipelines(items, links) };
  });

  scope.get('/api/v1/viewer', async (request): Promise<ViewerBody> => {
    const viewer = viewerOf(request);
    const { isSignedIn: signed_in, hasSession: has_session } = viewer;
    const may_see = runs.maySeeAnything(viewer);
    return { version, signed_in, has_session, can_sign_in, may_see };
  });

  scope.get('/api/v1/overview', async (request, reply) => {
    const viewer = viewerOf(request);
    if (!runs.maySeeAnything(viewer)) return notFound(reply);
    const tenants = await runs.tenants(viewer);
    const [live, recent, configuration] = await Promise.all([
      liveRuns(runs, viewer),
      recentRuns(runs, viewer),
      read.readConfiguration(tenants, viewer),
    ]);
    const body: OverviewBody = {
      pipelines: viewPipelines(live, links),
      recent: recent.slice(0, RECENT_SHOWN_MAX).map((item) => viewItem(item, links)),
      configuration,
    };
    return reply.send(body);
  });
}

function registerDetails(scope: FastifyInstance, { runs, links, viewerOf }: ReadDeps): void {
  scope.get<{ Params: { id: string } }>('/api/v1/buildsets/:id', async (request, reply) => {
    const item = await runs.find(request.params.id, viewerOf(request));
    return item === null ? notFound(reply) : reply.send(viewDetails(item, links));
  });

  scope.get<{ Params: { id: string } }>('/api/v1/builds/:id', async (request, reply) => {
    const found = await runs.findBuild(request.params.id, viewerOf(request));
    if (found === null) return notFound(reply);
    const { item, build } = found;
    const body: BuildBody = { build: viewBuild(build, links), buildset: viewItem(item, links) };
    return reply.send(body);
  });

  scope.get<{ Params: { tenant: string } }>(
    '/api/v1/tenants/:tenant/buildsets',
    async (request, reply) => {
      const viewer = viewerOf(request);
      const word = request.params.tenant.toLowerCase();
      // Every plain word is a tenant's name; who may not see one, sees the same for all of them.
      if (!runs.maySeeAnything(viewer) || !isBuildsetId(word)) return notFound(reply);
      const items = await runs.live(tenantId(word), viewer);
      const body: BuildsetListBody = { buildsets: items.map((item) => viewItem(item, links)) };
      return reply.send(body);
    },
  );
}

/** Live runs of all tenants, tenant by tenant. */
async function liveRuns(runs: Runs, viewer: Viewer): Promise<readonly Item[]> {
  const tenants = await runs.tenants(viewer);
  const lists = await Promise.all(tenants.map((tenant) => runs.live(tenant, viewer)));
  return lists.flat();
}

/** Finished runs of all tenants, newest first. */
async function recentRuns(runs: Runs, viewer: Viewer): Promise<readonly Item[]> {
  const tenants = await runs.tenants(viewer);
  const lists = await Promise.all(tenants.map((tenant) => runs.recent(tenant, viewer)));
  return lists.flat().sort((a, b) => (b.completedAt ?? 0) - (a.completedAt ?? 0));
}

function notFound(reply: FastifyReply): FastifyReply {
  return sendFailure(reply, text.failures.notFound);
}
