/** Whether a caller may use a route, and on which repository. */
import {
  type Caller,
  type InstallationCaller,
  includesLevel,
  reaches,
} from '../auth/authenticate.ts';
import type { Core } from '../core.ts';
import { notFound, Refusal } from '../errors.ts';
import { findRepo, isAtLeast, roleOf, userById } from '../state/find.ts';
import type { Permissions, RepoRecord, UserRecord } from '../state/types.ts';
import type { Access } from './route.ts';
import type { Match } from './router.ts';

/** Repositories that share objects take turns; the key is the root of their network. */
export function rootOf(core: Core, repo: RepoRecord): string {
  let root = repo;
  while (root.forkOf !== null) {
    const parent = core.state.repos.find((each) => each.id === root.forkOf);
    if (parent === undefined) break;
    root = parent;
  }
  return `repository ${root.id}`;
}

/** Stands in where a route has no repository; its handler never looks. */
const NO_REPO = Object.freeze({}) as RepoRecord;
const NO_ACTOR = Object.freeze({}) as UserRecord;

/**
 * The repository and the acting account.
 *
 * @throws Refusal 401, 403 or 404 as GitHub does.
 */
export function authorize(
  core: Core,
  match: Match,
  caller: Caller,
): { repo: RepoRecord; actor: UserRecord } {
  const { access } = match.route;
  if (access.kind !== 'repo') {
    refuseKind(access.kind, caller);
    return { repo: NO_REPO, actor: NO_ACTOR };
  }
  if (caller.kind === 'app') throw new Refusal(401, 'Bad credentials');
  const name = `${match.params.owner}/${match.params.repo}`;
  const repo = findRepo(core.state, name);
  if (repo === undefined) throw notFound();
  if (repo.archived && match.route.method !== 'GET') {
    throw new Refusal(403, 'Repository was archived so is read-only.');
  }
  if (caller.kind === 'installation') return { repo, actor: asInstallation(caller, repo, access) };
  return { repo, actor: asPerson({ core, repo, access }, match.route.method, caller) };
}

function refuseKind(kind: 'public' | 'app' | 'installation' | 'user', caller: Caller): void {
  if (kind === 'public') return;
  if (kind === 'app' && caller.kind !== 'app') {
    throw new Refusal(401, 'A JSON web token could not be decoded');
  }
  if (caller.kind === 'anonymous') throw new Refusal(401, 'Requires authentication');
  if (kind === 'installation' && caller.kind !== 'installation') {
    throw new Refusal(403, 'You must authenticate with an installation access token');
  }
  if (kind === 'user' && caller.kind !== 'user') {
    throw new Refusal(403, 'Resource not accessible by integration');
  }
}

function asInstallation(
  caller: InstallationCaller,
  repo: RepoRecord,
  access: Extract<Access, { kind: 'repo' }>,
): UserRecord {
  const isReached = reaches(caller, repo);
  const wantsRead = access.anyOf.some((needs) => Object.values(needs).every((l) => l === 'read'));
  if (!isReached && repo.private) throw notFound();
  if (!isReached && !wantsRead) {
    throw new Refusal(403, 'Resource not accessible by integration');
  }
  // Public repositories are readable without an installation, except for what is private anyway.
  if (!isReached) return caller.user;
  const suffices = (needs: Permissions) =>
    Object.entries(needs).every(
      ([name, level]) => name === 'metadata' || includesLevel(caller.permissions[name], level),
    );
  if (!access.anyOf.some(suffices)) {
    throw new Refusal(403, 'Resource not accessible by integration');
  }
  return caller.user;
}

function asPerson(
  on: { core: Core; repo: RepoRecord; access: Extract<Access, { kind: 'repo' }> },
  method: string,
  caller: Extract<Caller, { kind: 'anonymous' | 'user' }>,
): UserRecord {
  const { core, repo, access } = on;
  if (caller.kind === 'anonymous') {
    if (repo.private) throw notFound();
    if (method !== 'GET') throw new Refusal(401, 'Requires authentication');
    return userById(core.state, repo.ownerId);
  }
  const role = roleOf(core.state, repo, caller.user);
  if (role === null) throw notFound();
  if (!isAtLeast(role, access.role)) {
    throw method === 'GET' ? notFound() : new Refusal(403, 'Must have push access to repository.');
  }
  return caller.user;
}
