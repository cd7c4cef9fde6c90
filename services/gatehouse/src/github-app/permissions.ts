/**
 * What the App asks of GitHub, each with its reason: the manifest is made from these tables, the
 * page docs/operating/github-app.md shows them, and a test holds both against the calls that the
 * adapter makes. A permission that is added later has to be granted again by every owner that
 * installed the App, and one too many is one that nobody should have to grant.
 */

/** How far a permission reaches; `write` includes `read`. */
export type PermissionLevel = 'read' | 'write';

/** One permission on repositories. */
export interface AppPermission {
  /** Key in the manifest and in GitHub's API. */
  readonly key: string;
  /** As GitHub's page calls it. */
  readonly title: string;
  readonly level: PermissionLevel;
  /** For people, as Markdown. */
  readonly reason: string;
  /** True: Gatehouse works without it, with the loss that the reason names. */
  readonly isOptional: boolean;
  /** True: no call and no event asks for it; the reason says who does. */
  readonly isForGitHub: boolean;
}

/** One kind of webhook that is subscribed to. */
export interface AppEvent {
  readonly name: string;
  /** Key of the permission without which GitHub does not offer the event. */
  readonly permission: string;
  /** For people, as Markdown. */
  readonly reason: string;
  readonly isOptional: boolean;
}

const needed = { isOptional: false, isForGitHub: false } as const;

/**
 * Every permission, none of them on organisations or accounts.
 * Source: https://docs.github.com/rest/authentication/permissions-required-for-github-apps
 */
export const appPermissions: readonly AppPermission[] = [
  {
    ...needed,
    key: 'metadata',
    title: 'Metadata',
    level: 'read',
    reason: "every App has it: repositories, people's rights",
  },
  {
    ...needed,
    key: 'checks',
    title: 'Checks',
    level: 'write',
    reason: 'the check run of each pipeline run; its buttons and re-runs',
  },
  {
    ...needed,
    key: 'contents',
    title: 'Contents',
    level: 'write',
    reason:
      'reading configuration, checkouts, and the branches below `refs/heads/gatehouse/` on which ' +
      'changes are merged for testing',
  },
  {
    ...needed,
    key: 'pull_requests',
    title: 'Pull requests',
    level: 'read',
    reason: 'the pull request as it stands, its files and approving reviews',
  },
  {
    ...needed,
    key: 'issues',
    title: 'Issues',
    level: 'read',
    reason: 'GitHub sends comments on pull requests (`recheck`) only to Apps that may read issues',
  },
  {
    ...needed,
    key: 'statuses',
    title: 'Commit statuses',
    level: 'write',
    reason:
      'pipelines that report a status; also, GitHub offers an App as the required source of a ' +
      'check only when it may write statuses',
  },
  {
    ...needed,
    key: 'merge_queues',
    title: 'Merge queues',
    level: 'read',
    reason: "optional: to be asked for checks by GitHub's own merge queue",
    isOptional: true,
  },
  {
    key: 'workflows',
    title: 'Workflows',
    level: 'write',
    reason:
      'optional: without it GitHub refuses to build the tested state of a change that alters ' +
      'files in `.github/workflows` and is not up to date with its base; its run then fails and ' +
      'says so',
    isOptional: true,
    isForGitHub: true,
  },
];

/**
 * Every event; `installation` and its kin come to each App unasked.
 * Source: https://docs.github.com/webhooks/webhook-events-and-payloads
 */
export const appEvents: readonly AppEvent[] = [
  {
    name: 'pull_request',
    permission: 'pull_requests',
    reason: 'opened, pushed to, closed, retargeted, drafted, labelled',
    isOptional: false,
  },
  {
    name: 'pull_request_review',
    permission: 'pull_requests',
    reason: 'an approval may make a head trusted',
    isOptional: false,
  },
  {
    name: 'issue_comment',
    permission: 'issues',
    reason: 'comments as commands (`recheck`)',
    isOptional: false,
  },
  {
    name: 'push',
    permission: 'contents',
    reason: 'pipelines for branches and tags',
    isOptional: false,
  },
  {
    name: 'check_run',
    permission: 'checks',
    reason: '"Re-run" and the buttons on a run',
    isOptional: false,
  },
  {
    name: 'check_suite',
    permission: 'checks',
    reason: '"Re-run all checks"',
    isOptional: false,
  },
  {
    name: 'status',
    permission: 'statuses',
    reason: 'pipelines that are triggered by the statuses of others',
    isOptional: false,
  },
  {
    name: 'merge_group',
    permission: 'merge_queues',
    reason: "optional, with *Merge queues*: GitHub's own merge queue",
    isOptional: true,
  },
];
