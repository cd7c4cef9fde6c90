import type { AppResult, PullResult, SimActions } from '../actions/types.ts';
import { apiFiles, webFiles } from './files.ts';

/** How the demo's App reaches the service. */
export interface DemoOptions {
  /** Without it the App has no webhook. */
  readonly webhookUrl?: string;
  /** Made by the simulator when left out. */
  readonly webhookSecret?: string;
  /** PEM; made by the simulator when left out. */
  readonly privateKey?: string;
  /** Chosen by the simulator when left out. */
  readonly appId?: number;
}

/** What the demo consists of. */
export interface DemoResult {
  readonly app: AppResult;
  readonly installation: number;
  readonly repositories: readonly string[];
  readonly pullRequests: readonly PullResult[];
}

/** What the service asks for, and no more; its own test holds the two equal. */
export const DEMO_PERMISSIONS = {
  checks: 'write',
  contents: 'write',
  issues: 'read',
  merge_queues: 'read',
  metadata: 'read',
  pull_requests: 'read',
  statuses: 'write',
  workflows: 'write',
} as const;

/** What the service listens to, and no more. */
export const DEMO_EVENTS = [
  'check_run',
  'check_suite',
  'issue_comment',
  'merge_group',
  'pull_request',
  'pull_request_review',
  'push',
  'status',
] as const;

/**
 * Fills an empty simulator with the organisation `acme`, its repositories `api` and `web`, the
 * people `ada` (write), `olga` (owner) and `sam` (an outsider with a fork), the App `gatehouse`
 * installed on the organisation, and three pull requests of which one fails its checks.
 */
export async function seedDemo(act: SimActions, options: DemoOptions): Promise<DemoResult> {
  const site = await seedDemoSite(act, options);
  return { ...site, pullRequests: await openDemoPullRequests(act) };
}

/** The first half of {@link seedDemo}: everything but the pull requests. */
export async function seedDemoSite(
  act: SimActions,
  options: DemoOptions,
): Promise<Omit<DemoResult, 'pullRequests'>> {
  const { appId, ...webhook } = options;
  await act.createUser({ login: 'olga', name: 'Olga Owner' });
  await act.createUser({ login: 'ada', name: 'Ada Author' });
  await act.createUser({ login: 'sam', name: 'Sam Stranger' });
  await act.createOrganization({ login: 'acme', name: 'Acme' });
  await act.setMember({ organization: 'acme', user: 'olga', role: 'admin' });
  const user = 'olga';
  await act.createRepository({ owner: 'acme', name: 'api', files: apiFiles, user });
  await act.createRepository({ owner: 'acme', name: 'web', files: webFiles, user });
  await act.setPermission({ repository: 'acme/api', user: 'ada', permission: 'write' });
  await act.setPermission({ repository: 'acme/web', user: 'ada', permission: 'write' });
  const app = await act.registerApp({
    slug: 'gatehouse',
    name: 'Gatehouse',
    owner: 'acme',
    permissions: DEMO_PERMISSIONS,
    events: DEMO_EVENTS,
    ...webhook,
    ...(appId === undefined ? {} : { id: appId }),
  });
  const { id } = await act.installApp({ app: 'gatehouse', owner: 'acme' });
  return { app, installation: id, repositories: ['acme/api', 'acme/web'] };
}

/** The second half of {@link seedDemo}, for when somebody listens to the webhooks. */
export async function openDemoPullRequests(act: SimActions): Promise<readonly PullResult[]> {
  return [await passing(act), await failing(act), await fromOutside(act)];
}

async function passing(act: SimActions): Promise<PullResult> {
  const on = { repository: 'acme/api', user: 'ada' };
  await act.pushCommit({
    ...on,
    branch: 'sell-cheese',
    files: { 'data/prices.txt': 'apple 3\nbread 4\ncheese 9\n', 'data/total.txt': '16\n' },
    message: 'Sell cheese',
  });
  const body = 'Cheese costs 9. The total is adjusted.';
  return act.openPullRequest({ ...on, head: 'sell-cheese', title: 'Sell cheese', body });
}

async function failing(act: SimActions): Promise<PullResult> {
  const on = { repository: 'acme/api', user: 'ada' };
  await act.pushCommit({
    ...on,
    branch: 'dearer-bread',
    files: { 'data/prices.txt': 'apple 3\nbread 5\n' },
    message: 'Raise the price of bread',
  });
  const body = 'The total is forgotten, so the unit test fails.';
  return act.openPullRequest({ ...on, head: 'dearer-bread', title: 'Dearer bread', body });
}

async function fromOutside(act: SimActions): Promise<PullResult> {
  await act.forkRepository({ repository: 'acme/web', owner: 'sam' });
  await act.pushCommit({
    repository: 'sam/web',
    user: 'sam',
    branch: 'contact',
    files: {
      'contact.html': '<!doctype html>\n<title>Contact</title>\n',
      'index.html':
        '<!doctype html>\n<title>Shop</title>\n<a href="about.html">About</a>\n' +
        '<a href="contact.html">Contact</a>\n',
    },
    message: 'Add a contact page',
  });
  return act.openPullRequest({
    repository: 'acme/web',
    user: 'sam',
    head: 'sam:contact',
    title: 'Add a contact page',
    body: 'My first contribution.',
  });
}
