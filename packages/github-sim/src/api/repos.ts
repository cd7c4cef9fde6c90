/** Repositories, branches, rights, protection and rules. */
import { reaches } from '../auth/authenticate.ts';
import { repoDir } from '../core.ts';
import { notFound } from '../errors.ts';
import { listRefs, readCommit, readRef } from '../git/read.ts';
import { page } from '../http/paging.ts';
import { ok, type Reply, type RepoCall, type Route, repoRoute } from '../http/route.ts';
import { showUser } from '../present/accounts.ts';
import { showCommit } from '../present/commits.ts';
import { repoApi, repoPage, showFullRepo, showRights } from '../present/repositories.ts';
import { findUser, roleOf } from '../state/find.ts';
import type { Role } from '../state/types.ts';

const METADATA = [{ metadata: 'read' }];
const CONTENTS = [{ contents: 'read' }];

/** Routes about a repository as a whole. */
export const repositoryRoutes: readonly Route[] = [
  repoRoute('GET ', { anyOf: METADATA }, (call) =>
    ok(showFullRepo(call.core, call.repo, callerRole(call))),
  ),
  repoRoute('GET /branches', { anyOf: CONTENTS }, listBranches),
  repoRoute('GET /branches/{branch}', { anyOf: CONTENTS }, getBranch),
  repoRoute(
    'GET /branches/{branch}/protection',
    { anyOf: [{ administration: 'read' }], role: 'admin' },
    getProtection,
  ),
  repoRoute('GET /rules/branches/{branch}', { anyOf: METADATA }, listRules),
  repoRoute(
    'GET /collaborators/{username}/permission',
    { anyOf: METADATA, role: 'write' },
    getPermission,
  ),
];

/** What the caller may do, as `permissions` of a repository shows it. */
function callerRole(call: RepoCall): Role | null {
  const { caller, core, repo } = call;
  if (caller.kind === 'user') return roleOf(core.state, repo, caller.user);
  if (caller.kind !== 'installation' || !reaches(caller, repo)) return 'read';
  return caller.permissions.contents === 'write' ? 'write' : 'read';
}

async function listBranches(call: RepoCall): Promise<Reply> {
  const { core, repo } = call;
  const refs = await listRefs(repoDir(core, repo), 'refs/heads/');
  const wanted = call.query.get('protected');
  const all = refs
    .map((each) => ({ name: each.ref.slice('refs/heads/'.length), sha: each.sha }))
    .filter((each) => wanted === undefined || String(isProtected(call, each.name)) === wanted);
  const { items, link } = page(call, all);
  const shown = items.map((each) => ({
    name: each.name,
    commit: { sha: each.sha, url: `${repoApi(core, repo)}/commits/${each.sha}` },
    protected: isProtected(call, each.name),
  }));
  return ok(shown, { link });
}

function isProtected(call: RepoCall, branch: string): boolean {
  const rules = call.repo.rules[branch] ?? [];
  return call.repo.protections[branch] !== undefined || rules.length > 0;
}

async function getBranch(call: RepoCall): Promise<Reply> {
  const { core, repo } = call;
  const branch = call.params.branch ?? '';
  const dir = repoDir(core, repo);
  const sha = await readRef(dir, `refs/heads/${branch}`);
  if (sha === null) throw notFound('Branch not found');
  const self = `${repoApi(core, repo)}/branches/${branch}`;
  const protection = repo.protections[branch];
  return ok({
    name: branch,
    commit: showCommit(core, repo, await readCommit(dir, sha)),
    _links: { self, html: `${repoPage(core, repo)}/tree/${branch}` },
    protected: isProtected(call, branch),
    protection: {
      enabled: protection !== undefined,
      required_status_checks: {
        enforcement_level: enforcementOf(protection),
        contexts: (protection?.requiredChecks ?? []).map((each) => each.context),
        checks: (protection?.requiredChecks ?? []).map((each) => ({
          context: each.context,
          app_id: each.appId,
        })),
      },
    },
    protection_url: `${self}/protection`,
  });
}

function enforcementOf(protection: { enforceAdmins: boolean } | undefined): string {
  if (protection === undefined) return 'off';
  return protection.enforceAdmins ? 'everyone' : 'non_admins';
}

function getProtection(call: RepoCall): Reply {
  const branch = call.params.branch ?? '';
  const protection = call.repo.protections[branch];
  if (protection === undefined) throw notFound('Branch not protected');
  const self = `${repoApi(call.core, call.repo)}/branches/${branch}/protection`;
  const contexts = protection.requiredChecks.map((each) => each.context);
  const checks = protection.requiredChecks.map((each) => ({
    context: each.context,
    app_id: each.appId,
  }));
  const reviews = {
    url: `${self}/required_pull_request_reviews`,
    dismiss_stale_reviews: false,
    require_code_owner_reviews: false,
    require_last_push_approval: false,
    required_approving_review_count: protection.requiredReviews,
  };
  return ok({
    url: self,
    required_status_checks: {
      url: `${self}/required_status_checks`,
      strict: protection.strict,
      contexts,
      contexts_url: `${self}/required_status_checks/contexts`,
      checks,
    },
    ...(protection.requiredReviews > 0 ? { required_pull_request_reviews: reviews } : {}),
    enforce_admins: { url: `${self}/enforce_admins`, enabled: protection.enforceAdmins },
    required_linear_history: { enabled: false },
    allow_force_pushes: { enabled: false },
    allow_deletions: { enabled: false },
    block_creations: { enabled: false },
    required_conversation_resolution: { enabled: false },
    lock_branch: { enabled: false },
    allow_fork_syncing: { enabled: false },
  });
}

function listRules(call: RepoCall): Reply {
  const rules = call.repo.rules[call.params.branch ?? ''] ?? [];
  const all = rules.map((rule) => ({
    ...rule,
    ruleset_source_type: 'Repository',
    ruleset_source: `${call.params.owner}/${call.params.repo}`,
    ruleset_id: call.repo.id,
  }));
  const { items, link } = page(call, all);
  return ok(items, { link });
}

/** `permission` knows only admin, write, read and none; `role_name` tells the rest. */
function getPermission(call: RepoCall): Reply {
  const { core, repo } = call;
  const user = findUser(core.state, call.params.username ?? '');
  if (user === undefined) throw notFound(`${call.params.username} is not a user`);
  const role = roleOf(core.state, repo, user);
  let permission: string = role ?? 'none';
  if (role === 'maintain') permission = 'write';
  if (role === 'triage') permission = 'read';
  const name = role ?? 'none';
  const shown = { ...showUser(core, user), permissions: showRights(role), role_name: name };
  return ok({ permission, role_name: name, user: shown });
}
