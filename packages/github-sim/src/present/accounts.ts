/** People, organisations, Apps and installations as GitHub's JSON shows them. */
import type { Core } from '../core.ts';
import { userById } from '../state/find.ts';
import type { AppRecord, InstallationRecord, UserRecord } from '../state/types.ts';
import { nodeId } from '../urls.ts';

/** `simple-user`. */
export function showUser(core: Core, user: UserRecord) {
  const { api, root } = core.urls;
  const self = `${api}/users/${encodeURIComponent(user.login)}`;
  const page = user.type === 'Bot' ? `apps/${user.login.replace(/\[bot\]$/, '')}` : user.login;
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId(user.type, user.id),
    avatar_url: `${root}/_sim/avatar/${encodeURIComponent(user.login)}`,
    gravatar_id: '',
    url: self,
    html_url: `${root}/${page}`,
    followers_url: `${self}/followers`,
    following_url: `${self}/following{/other_user}`,
    gists_url: `${self}/gists{/gist_id}`,
    starred_url: `${self}/starred{/owner}{/repo}`,
    subscriptions_url: `${self}/subscriptions`,
    organizations_url: `${self}/orgs`,
    repos_url: `${self}/repos`,
    events_url: `${self}/events{/privacy}`,
    received_events_url: `${self}/received_events`,
    type: user.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

export function showUserById(core: Core, id: number) {
  return showUser(core, userById(core.state, id));
}

/** `public-user`. */
export function showPublicUser(core: Core, user: UserRecord) {
  const repos = core.state.repos.filter((repo) => repo.ownerId === user.id && !repo.private);
  return {
    ...showUser(core, user),
    name: user.name,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: repos.length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: user.createdAt,
    updated_at: user.createdAt,
  };
}

/** `private-user`: what a person sees of themselves. */
export function showPrivateUser(core: Core, user: UserRecord) {
  const repos = core.state.repos.filter((repo) => repo.ownerId === user.id && repo.private);
  return {
    ...showPublicUser(core, user),
    user_view_type: 'private',
    email: user.email,
    private_gists: 0,
    total_private_repos: repos.length,
    owned_private_repos: repos.length,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
  };
}

/** `organization-simple`, as webhooks carry it. */
export function showOrganization(core: Core, user: UserRecord) {
  const self = `${core.urls.api}/orgs/${user.login}`;
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId('Organization', user.id),
    url: self,
    repos_url: `${self}/repos`,
    events_url: `${self}/events`,
    hooks_url: `${self}/hooks`,
    issues_url: `${self}/issues`,
    members_url: `${self}/members{/member}`,
    public_members_url: `${self}/public_members{/member}`,
    avatar_url: `${core.urls.root}/_sim/avatar/${user.login}`,
    description: '',
  };
}

/** `integration`. */
export function showApp(core: Core, app: AppRecord) {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId('App', app.id),
    owner: showUserById(core, app.ownerId),
    name: app.name,
    description: '',
    external_url: `${core.urls.root}/apps/${app.slug}`,
    html_url: `${core.urls.root}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  };
}

/** `installation`. */
export function showInstallation(core: Core, installation: InstallationRecord) {
  const { api, root } = core.urls;
  const account = userById(core.state, installation.accountId);
  const app = core.state.apps.find((each) => each.id === installation.appId);
  const page =
    account.type === 'Organization'
      ? `${root}/organizations/${account.login}/settings/installations/${installation.id}`
      : `${root}/settings/installations/${installation.id}`;
  return {
    id: installation.id,
    client_id: app?.clientId ?? '',
    account: showUser(core, account),
    repository_selection: installation.selection,
    access_tokens_url: `${api}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${api}/installation/repositories`,
    html_url: page,
    app_id: installation.appId,
    app_slug: app?.slug ?? '',
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions,
    events: installation.events,
    created_at: installation.createdAt,
    updated_at: installation.updatedAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: installation.suspendedAt === null ? null : showUser(core, account),
    suspended_at: installation.suspendedAt,
  };
}
