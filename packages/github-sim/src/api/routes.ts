import type { Route } from '../http/route.ts';
import { actionRoutes } from './actions.ts';
import { appRoutes } from './apps.ts';
import { checkRoutes } from './checks.ts';
import { commitRoutes } from './commits.ts';
import { contentRoutes } from './contents.ts';
import { deliveryRoutes } from './deliveries.ts';
import { gitDataRoutes } from './git-data.ts';
import { issueRoutes } from './issues.ts';
import { metaRoutes } from './meta.ts';
import { pullRoutes } from './pulls.ts';
import { refRoutes } from './refs.ts';
import { repositoryRoutes } from './repos.ts';
import { reviewRoutes } from './reviews.ts';
import { statusRoutes } from './statuses.ts';

/** Everything that the REST API answers. */
export const routes: readonly Route[] = [
  ...metaRoutes,
  ...appRoutes,
  ...deliveryRoutes,
  ...repositoryRoutes,
  ...contentRoutes,
  ...commitRoutes,
  ...refRoutes,
  ...gitDataRoutes,
  ...pullRoutes,
  ...reviewRoutes,
  ...issueRoutes,
  ...checkRoutes,
  ...statusRoutes,
  ...actionRoutes,
];
