/** Repositories as GitHub's JSON shows them, in three sizes. */
import type { Core } from '../core.ts';
import { fullName, isAtLeast, repoById, userById } from '../state/find.ts';
import type { RepoRecord, Role } from '../state/types.ts';
import { nodeId } from '../urls.ts';
import { showUser } from './accounts.ts';

const TEMPLATES: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

export function repoApi(core: Core, repo: RepoRecord): string {
  return `${core.urls.api}/repos/${fullName(core.state, repo)}`;
}

export function repoPage(core: Core, repo: RepoRecord): string {
  return `${core.urls.root}/${fullName(core.state, repo)}`;
}

/** `simple-repository`, which is also a valid `minimal-repository`. */
export function showSimpleRepo(core: Core, repo: RepoRecord) {
  const self = repoApi(core, repo);
  const templates = Object.entries(TEMPLATES).map(([key, suffix]) => [key, `${self}${suffix}`]);
  return {
    id: repo.id,
    node_id: nodeId('Repository', repo.id),
    name: repo.name,
    full_name: fullName(core.state, repo),
    private: repo.private,
    owner: showUser(core, userById(core.state, repo.ownerId)),
    html_url: repoPage(core, repo),
    description: repo.description,
    fork: repo.forkOf !== null,
    url: self,
    ...Object.fromEntries(templates),
  };
}

/** `repository`. */
export function showRepo(core: Core, repo: RepoRecord) {
  const page = repoPage(core, repo);
  const forks = core.state.repos.filter((each) => each.forkOf === repo.id).length;
  const open = core.state.pulls.filter(
    (pull) => pull.repoId === repo.id && pull.state === 'open',
  ).length;
  return {
    ...showSimpleRepo(core, repo),
    created_at: repo.createdAt,
    updated_at: repo.updatedAt,
    pushed_at: repo.pushedAt,
    git_url: `${page.replace(/^https?/, 'git')}.git`,
    ssh_url: `git@${new URL(core.urls.root).hostname}:${fullName(core.state, repo)}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    homepage: null,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: forks,
    mirror_url: null,
    archived: repo.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repo.private ? 'private' : 'public',
    forks,
    open_issues: open,
    watchers: 0,
    default_branch: repo.defaultBranch,
  };
}

/** The merge settings that `full-repository` and base repositories of pull requests carry. */
export function showMergeSettings(repo: RepoRecord) {
  return {
    allow_squash_merge: repo.allowSquashMerge,
    allow_merge_commit: repo.allowMergeCommit,
    allow_rebase_merge: repo.allowRebaseMerge,
    allow_auto_merge: false,
    delete_branch_on_merge: repo.deleteBranchOnMerge,
    allow_update_branch: false,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_message: 'COMMIT_MESSAGES',
    squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
    merge_commit_message: 'PR_TITLE',
    merge_commit_title: 'MERGE_MESSAGE',
  };
}

/** `full-repository`. */
export function showFullRepo(core: Core, repo: RepoRecord, role: Role | null) {
  const owner = userById(core.state, repo.ownerId);
  const parent = repo.forkOf === null ? null : repoById(core.state, repo.forkOf);
  return {
    ...showRepo(core, repo),
    ...showMergeSettings(repo),
    permissions: showRights(role),
    network_count: 0,
    subscribers_count: 0,
    ...(owner.type === 'Organization' ? { organization: showUser(core, owner) } : {}),
    ...(parent === null ? {} : { parent: showRepo(core, parent), source: showRepo(core, parent) }),
  };
}

export function showRights(role: Role | null) {
  return {
    admin: isAtLeast(role, 'admin'),
    maintain: isAtLeast(role, 'maintain'),
    push: isAtLeast(role, 'write'),
    triage: isAtLeast(role, 'triage'),
    pull: isAtLeast(role, 'read'),
  };
}
