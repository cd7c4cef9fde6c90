/** Looking things up in the state. Names compare without case, as on GitHub. */
import { notFound } from '../errors.ts';
import type {
  AppRecord,
  InstallationRecord,
  PullRecord,
  RepoRecord,
  Role,
  RunRecord,
  SimState,
  SuiteRecord,
  UserRecord,
} from './types.ts';

const ROLES: readonly Role[] = ['read', 'triage', 'write', 'maintain', 'admin'];

export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export function findUser(state: SimState, login: string): UserRecord | undefined {
  return state.users.find((user) => same(user.login, login));
}

/** @throws Refusal 404 */
export function needUser(state: SimState, login: string): UserRecord {
  const user = findUser(state, login);
  if (user === undefined) throw notFound(`There is no account ${login}`);
  return user;
}

export function userById(state: SimState, id: number): UserRecord {
  const user = state.users.find((each) => each.id === id);
  if (user === undefined) throw notFound(`There is no account ${id}`);
  return user;
}

export function repoById(state: SimState, id: number): RepoRecord {
  const repo = state.repos.find((each) => each.id === id);
  if (repo === undefined) throw notFound(`There is no repository ${id}`);
  return repo;
}

/** A repository by `OWNER/NAME`. */
export function findRepo(state: SimState, fullName: string): RepoRecord | undefined {
  const [owner = '', name = ''] = fullName.split('/');
  const account = findUser(state, owner);
  return state.repos.find((repo) => repo.ownerId === account?.id && same(repo.name, name));
}

/** @throws Refusal 404 */
export function needRepo(state: SimState, fullName: string): RepoRecord {
  const repo = findRepo(state, fullName);
  if (repo === undefined) throw notFound(`There is no repository ${fullName}`);
  return repo;
}

export function fullName(state: SimState, repo: RepoRecord): string {
  return `${userById(state, repo.ownerId).login}/${repo.name}`;
}

export function appById(state: SimState, id: number): AppRecord {
  const app = state.apps.find((each) => each.id === id);
  if (app === undefined) throw notFound('Integration not found');
  return app;
}

/** An App by slug. @throws Refusal 404 */
export function needApp(state: SimState, slug: string): AppRecord {
  const app = state.apps.find((each) => same(each.slug, slug));
  if (app === undefined) throw notFound(`There is no App ${slug}`);
  return app;
}

export function needInstallation(state: SimState, id: number): InstallationRecord {
  const installation = state.installations.find((each) => each.id === id);
  if (installation === undefined) throw notFound();
  return installation;
}

export function covers(installation: InstallationRecord, repo: RepoRecord): boolean {
  if (installation.accountId !== repo.ownerId) return false;
  return installation.selection === 'all' || installation.repositoryIds.includes(repo.id);
}

export function installationsOn(state: SimState, repo: RepoRecord): InstallationRecord[] {
  return state.installations.filter((each) => covers(each, repo));
}

export function installedRepos(state: SimState, installation: InstallationRecord): RepoRecord[] {
  return state.repos.filter((repo) => covers(installation, repo));
}

export function findPull(
  state: SimState,
  repo: RepoRecord,
  number: number,
): PullRecord | undefined {
  return state.pulls.find((pull) => pull.repoId === repo.id && pull.number === number);
}

/** @throws Refusal 404 */
export function needPull(state: SimState, repo: RepoRecord, number: number): PullRecord {
  const pull = findPull(state, repo, number);
  if (pull === undefined) throw notFound();
  return pull;
}

export function needRun(state: SimState, repo: RepoRecord, id: number): RunRecord {
  const run = state.runs.find((each) => each.id === id && each.repoId === repo.id);
  if (run === undefined) throw notFound();
  return run;
}

export function needSuite(state: SimState, repo: RepoRecord, id: number): SuiteRecord {
  const suite = state.suites.find((each) => each.id === id && each.repoId === repo.id);
  if (suite === undefined) throw notFound();
  return suite;
}

/** A person's right on a repository; null when the repository is invisible to them. */
export function roleOf(state: SimState, repo: RepoRecord, user: UserRecord): Role | null {
  if (repo.ownerId === user.id) return 'admin';
  const owner = userById(state, repo.ownerId);
  const member = owner.members[String(user.id)];
  if (member === 'admin') return 'admin';
  const given = repo.collaborators[String(user.id)];
  if (given !== undefined) return given;
  if (member === 'member' || !repo.private) return 'read';
  return null;
}

export function isAtLeast(role: Role | null, needed: Role): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** GitHub's word for how a person relates to a repository. */
export function associationOf(state: SimState, repo: RepoRecord, user: UserRecord): string {
  if (repo.ownerId === user.id) return 'OWNER';
  if (userById(state, repo.ownerId).members[String(user.id)] !== undefined) return 'MEMBER';
  if (repo.collaborators[String(user.id)] !== undefined) return 'COLLABORATOR';
  const hasMerged = state.pulls.some(
    (pull) => pull.repoId === repo.id && pull.userId === user.id && pull.mergedAt !== null,
  );
  return hasMerged ? 'CONTRIBUTOR' : 'NONE';
}
