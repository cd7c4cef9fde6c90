/**
 * Who may see what. Strangers see nothing unless the operator opened the dashboard, and then only
 * runs of public repositories. A run remembers whether its repository was public when it started;
 * a repository may have been closed since, so an older run is shown to strangers only after asking
 * again. Problems of a configuration may quote whatever it was read from, so that strangers see
 * them only when all of that is public. What cannot be answered is not seen.
 */
import { kindOf, type RepositoryKey } from '@gatehouse/model';
import type { Item } from '@gatehouse/pipeline';
import type { WebDeps } from '../deps.ts';
import type { Viewer } from './viewers.ts';

/** Decides for one viewer. */
export interface Visibility {
  hasRun(viewer: Viewer, item: Item): Promise<boolean>;
  /** Whether the viewer may see all of these repositories. @param repositories null: not known */
  hasRepositories(viewer: Viewer, repositories: readonly RepositoryKey[] | null): Promise<boolean>;
}

/** How long what is known about a repository counts; also how often one is asked about at most. */
export const PUBLICITY_MS = 10 * 60 * 1000;

/** Repositories remembered; the one asked about longest ago is forgotten first. */
const REPOSITORIES_MAX = 1000;

type Deps = Pick<WebDeps, 'changes' | 'clock' | 'log' | 'settings'>;

/** Remembers what it asked about repositories. */
export function createVisibility(deps: Deps): Visibility {
  const known = new Map<string, { readonly until: number; readonly isPublic: Promise<boolean> }>();

  const isStillPublic = (repository: RepositoryKey): Promise<boolean> => {
    const key = repository.toLowerCase();
    const now = deps.clock.now();
    const fact = known.get(key);
    if (fact !== undefined && fact.until > now) return fact.isPublic;
    known.delete(key);
    const isPublic = askWhetherPublic(deps, repository);
    known.set(key, { until: now + PUBLICITY_MS, isPublic });
    const oldest = known.keys().next();
    if (known.size > REPOSITORIES_MAX && oldest.done !== true) known.delete(oldest.value);
    return isPublic;
  };

  return {
    async hasRun(viewer, item) {
      if (viewer.isSignedIn) return true;
      if (!deps.settings.isPublicDashboard || !item.change.isRepositoryPublic) return false;
      const isFresh = deps.clock.now() - item.enqueuedAt < PUBLICITY_MS;
      return isFresh || (await isStillPublic(item.change.repository));
    },
    async hasRepositories(viewer, repositories) {
      if (viewer.isSignedIn) return true;
      if (!deps.settings.isPublicDashboard || repositories === null) return false;
      for (const repository of repositories) {
        if (!(await isStillPublic(repository))) return false;
      }
      return true;
    },
  };
}

async function askWhetherPublic(
  { changes, log }: Deps,
  repository: RepositoryKey,
): Promise<boolean> {
  try {
    return (await changes.readRepository(repository))?.isPublic === true;
  } catch (error) {
    log.warn(
      { repository, kind: kindOf(error), err: error },
      'whether a repository is public could not be read: strangers see less of it',
    );
    return false;
  }
}
