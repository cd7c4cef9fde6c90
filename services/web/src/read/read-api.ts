/** The read API. What a viewer may not see answers exactly as what does not exist. */
import type { BuildsetListBody, StatusBody } from '@gatehouse/contracts';
import { isBuildsetId, tenantId } from '@gatehouse/model';
import type { Item } from '@gatehouse/pipeline';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { WebDeps } from '../deps.ts';
import { sendFailure } from '../http/failures.ts';
import type { Links } from '../links.ts';
import { text } from '../text.ts';
import type { IdentifyViewer, Viewer } from '../viewer/viewers.ts';
import { measureLoad } from './idle.ts';
import type { Runs } from './runs.ts';
import { viewDetails, viewItem, viewPipelines } from './views.ts';

/** What reading needs. */
export interface ReadDeps {
  readonly deps: WebDeps;
  readonly runs: Runs;
  readonly links: Links;
  readonly viewerOf: IdentifyViewer;
}

/** Registers the routes that show runs. */
export function registerReadApi(scope: FastifyInstance, read: ReadDeps): void {
  const { deps, runs, links, viewerOf } = read;

  scope.get('/api/v1/status', async (request): Promise<StatusBody> => {
    const { isIdle, queues } = await measureLoad(deps);
    const items = await liveRuns(runs, viewerOf(request));
    const { version } = deps.settings;
    return { version, idle: isIdle, queues, pipelines: viewPipelines(items, links) };
  });

  scope.get<{ Params: { id: string } }>('/api/v1/buildsets/:id', async (request, reply) => {
    const item = await runs.find(request.params.id, viewerOf(request));
    return item === null ? notFound(reply) : reply.send(viewDetails(item, links));
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
export async function liveRuns(runs: Runs, viewer: Viewer): Promise<readonly Item[]> {
  const tenants = await runs.tenants(viewer);
  const lists = await Promise.all(tenants.map((tenant) => runs.live(tenant, viewer)));
  return lists.flat();
}

function notFound(reply: FastifyReply): FastifyReply {
  return sendFailure(reply, text.failures.notFound);
}
