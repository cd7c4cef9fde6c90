/**
 * Loads runs. What is stored is parsed by its owner; a record that cannot be read any more is
 * logged and left out of lists, so that one of them does not hide the others.
 */
import {
  type BuildsetId,
  GatehouseError,
  isBuildId,
  isBuildsetId,
  type TenantId,
} from '@gatehouse/model';
import { type Build, type Item, itemRecordKey, readItem } from '@gatehouse/pipeline';
import type { WebDeps } from '../deps.ts';
import type { Viewer } from '../viewer/viewers.ts';
import type { Visibility } from '../viewer/visibility.ts';

/** Live runs of one tenant that are looked at for a list; beyond it the list is not complete. */
export const LIVE_RUNS_MAX = 2000;
/** Finished runs of one tenant in a list. */
export const RECENT_RUNS_MAX = 30;
/** Records per read, so that no single answer of the store grows without bound. */
const RECORDS_PER_READ = 100;

/** Reads runs as one viewer sees them: what they may not see is not there. */
export interface Runs {
  find(id: string, viewer: Viewer): Promise<Item | null>;
  findBuild(id: string, viewer: Viewer): Promise<{ item: Item; build: Build } | null>;
  /** Oldest first. */
  live(tenant: TenantId, viewer: Viewer): Promise<readonly Item[]>;
  /** Newest first; without those that are live. */
  recent(tenant: TenantId, viewer: Viewer): Promise<readonly Item[]>;
  /** In alphabetical order; empty for whoever cannot see anything. */
  tenants(viewer: Viewer): Promise<readonly TenantId[]>;
  /** True when there is anything at all that the viewer could be shown. */
  maySeeAnything(viewer: Viewer): boolean;
}

type Deps = Pick<WebDeps, 'tenants' | 'builds' | 'log' | 'settings' | 'recentBuildsets'>;

/** Over the store. */
export function createRuns(deps: Deps, visibility: Visibility): Runs {
  const maySeeAnything = (viewer: Viewer): boolean =>
    viewer.isSignedIn || deps.settings.isPublicDashboard;

  const visible = async (items: readonly Item[], viewer: Viewer): Promise<readonly Item[]> => {
    const answers = await Promise.all(items.map((item) => visibility.hasRun(viewer, item)));
    return items.filter((_item, index) => answers[index] === true);
  };

  const find = async (id: string, viewer: Viewer): Promise<Item | null> => {
    if (!maySeeAnything(viewer) || !isBuildsetId(id)) return null;
    const tenant = await deps.tenants.tenantOfBuildset(id);
    if (tenant === null) return null;
    const [stored] = await deps.tenants.readRecords(tenant, [itemRecordKey(id)]);
    if (stored == null) return null;
    const item = readItem(stored);
    return (await visibility.hasRun(viewer, item)) ? item : null;
  };

  return {
    find,
    maySeeAnything,
    async findBuild(id, viewer) {
      if (!maySeeAnything(viewer) || !isBuildId(id)) return null;
      const ticket = await deps.builds.readTicket(id);
      const item = ticket === null ? null : await find(ticket.buildset, viewer);
      const build = item?.builds.find((one) => one.id === id);
      return item === null || build === undefined ? null : { item, build };
    },
    async live(tenant, viewer) {
      if (!maySeeAnything(viewer)) return [];
      const ids = [...(await deps.tenants.liveBuildsets(tenant))].sort().slice(0, LIVE_RUNS_MAX);
      const items = await visible(await readItems(deps, tenant, ids), viewer);
      return [...items].sort((a, b) => a.enqueuedAt - b.enqueuedAt || byId(a, b));
    },
    async recent(tenant, viewer) {
      if (!maySeeAnything(viewer)) return [];
      const ids = (await deps.recentBuildsets?.(tenant, RECENT_RUNS_MAX)) ?? [];
      const items = await readItems(deps, tenant, ids.slice(0, RECENT_RUNS_MAX));
      return visible(
        items.filter((item) => item.verdict !== null),
        viewer,
      );
    },
    async tenants(viewer) {
      return maySeeAnything(viewer) ? [...(await deps.tenants.tenants())].sort() : [];
    },
  };
}

function byId(a: Item, b: Item): number {
  return a.buildset < b.buildset ? -1 : 1;
}

async function readItems(
  { tenants, log }: Deps,
  tenant: TenantId,
  ids: readonly BuildsetId[],
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let start = 0; start < ids.length; start += RECORDS_PER_READ) {
    const keys = ids.slice(start, start + RECORDS_PER_READ).map(itemRecordKey);
    for (const stored of await tenants.readRecords(tenant, keys)) {
      if (stored === null) continue;
      try {
        items.push(readItem(stored));
      } catch (error) {
        if (!(error instanceof GatehouseError)) throw error;
        log.error({ tenant, code: error.code, err: error }, 'a stored run cannot be read');
      }
    }
  }
  return items;
}
