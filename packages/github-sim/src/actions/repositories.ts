/** Repositories, rights, branches, tags and commits. */
import { type Core, fullNameOf, identityOf, now, repoDir, tick } from '../core.ts';
import { moveRef, refMoved } from '../domain/refs.ts';
import { invalid, notFound, Refusal } from '../errors.ts';
import { entryAt, listRefs, readBlob, readRef, resolveCommit } from '../git/read.ts';
import { commitFiles, fetchRefs, forceRef, initRepository } from '../git/write.ts';
import { installationsOn, isAtLeast, needRepo, needUser, roleOf, userById } from '../state/find.ts';
import type { RepoRecord, UserRecord } from '../state/types.ts';
import { tellRepositories } from './accounts.ts';
import type { FileChanges, RepositoryResult, SimActions } from './types.ts';

type Actions = Pick<
  SimActions,
  | 'createRepository'
  | 'editRepository'
  | 'setPermission'
  | 'setBranchProtection'
  | 'setBranchRules'
  | 'forkRepository'
  | 'pushCommit'
  | 'createBranch'
  | 'deleteBranch'
  | 'createTag'
  | 'deleteTag'
  | 'readFile'
  | 'refs'
>;

/** Actions on repositories. */
export function repositoryActions(core: Core): Actions {
  return {
    createRepository: (input) => createRepository(core, input),
    async editRepository({ repository, ...change }) {
      const repo = needRepo(core.state, repository);
      Object.assign(repo, change);
      repo.updatedAt = now(core);
      tick(core, 'repository', repository);
    },
    async setPermission({ repository, user, permission }) {
      const { collaborators } = needRepo(core.state, repository);
      const id = String(needUser(core.state, user).id);
      if (permission === null) delete collaborators[id];
      else collaborators[id] = permission;
      tick(core, 'member', repository);
    },
    async setBranchProtection({ repository, branch, protection }) {
      const { protections } = needRepo(core.state, repository);
      const none = { requiredChecks: [], strict: false, requiredReviews: 0, enforceAdmins: false };
      if (protection === null) delete protections[branch];
      else protections[branch] = { ...none, ...protection };
      tick(core, 'protection', repository);
    },
    async setBranchRules({ repository, branch, rules }) {
      needRepo(core.state, repository).rules[branch] = [...rules];
      tick(core, 'rules', repository);
    },
    forkRepository: (input) => fork(core, input),
    pushCommit: (input) => pushCommit(core, input),
    async createBranch({ repository, branch, user, from }) {
      return createRef(core, { repository, user, ref: `refs/heads/${branch}`, from });
    },
    async deleteBranch({ repository, branch, user }) {
      await deleteRef(core, { repository, user, ref: `refs/heads/${branch}` });
    },
    async createTag({ repository, tag, user, from }) {
      return createRef(core, { repository, user, ref: `refs/tags/${tag}`, from });
    },
    async deleteTag({ repository, tag, user }) {
      await deleteRef(core, { repository, user, ref: `refs/tags/${tag}` });
    },
    async readFile({ repository, path, ref }) {
      const repo = needRepo(core.state, repository);
      const dir = repoDir(core, repo);
      const sha = await resolveCommit(dir, ref ?? repo.defaultBranch);
      const entry = sha === null ? null : await entryAt(dir, sha, path);
      if (entry?.type !== 'blob') return { content: null };
      return { content: (await readBlob(dir, entry.sha)).toString('utf8') };
    },
    async refs({ repository }) {
      const all = await listRefs(repoDir(core, needRepo(core.state, repository)));
      return Object.fromEntries(all.map((each) => [each.ref, each.sha]));
    },
  };
}

function newRepo(
  core: Core,
  input: Pick<RepoRecord, 'ownerId' | 'name' | 'defaultBranch' | 'forkOf' | 'private'>,
): RepoRecord {
  const isTaken = core.state.repos.some(
    (repo) =>
      repo.ownerId === input.ownerId && repo.name.toLowerCase() === input.name.toLowerCase(),
  );
  if (isTaken || !/^[\w.-]+$/.test(input.name)) {
    throw new Refusal(422, `The name ${input.name} is taken or not allowed`);
  }
  const time = now(core);
  return {
    ...input,
    id: core.store.id(),
    description: null,
    nextNumber: 1,
    archived: false,
    allowMergeCommit: true,
    allowSquashMerge: true,
    allowRebaseMerge: true,
    deleteBranchOnMerge: false,
    collaborators: {},
    labels: [],
    protections: {},
    rules: {},
    suitesOff: [],
    createdAt: time,
    updatedAt: time,
    pushedAt: time,
  };
}

async function createRepository(
  core: Core,
  input: Parameters<SimActions['createRepository']>[0],
): Promise<RepositoryResult> {
  const owner = needUser(core.state, input.owner);
  const user = input.user === undefined ? owner : needUser(core.state, input.user);
  const repo = newRepo(core, {
    ownerId: owner.id,
    name: input.name,
    defaultBranch: input.defaultBranch ?? 'main',
    forkOf: null,
    private: input.private ?? false,
  });
  repo.description = input.description ?? null;
  await initRepository(repoDir(core, repo), repo.defaultBranch);
  core.state.repos.push(repo);
  tellInstalled(core, repo);
  tick(core, 'repository.created', fullNameOf(core, repo));
  if (input.files !== undefined) {
    const { files } = input;
    const message = 'Initial commit';
    await commitOn(core, { repo, user, branch: repo.defaultBranch, parent: null, files, message });
  }
  return result(core, repo);
}

/** An installation on all repositories gains each new one. */
function tellInstalled(core: Core, repo: RepoRecord): void {
  for (const installation of installationsOn(core.state, repo)) {
    tellRepositories(core, installation, { action: 'added', added: [repo], removed: [] });
  }
}

async function result(core: Core, repo: RepoRecord): Promise<RepositoryResult> {
  const repository = fullNameOf(core, repo);
  return {
    id: repo.id,
    repository,
    defaultBranch: repo.defaultBranch,
    sha: await readRef(repoDir(core, repo), `refs/heads/${repo.defaultBranch}`),
    cloneUrl: `${core.urls.root}/${repository}.git`,
  };
}

async function fork(
  core: Core,
  input: { repository: string; owner: string; name?: string },
): Promise<RepositoryResult> {
  const parent = needRepo(core.state, input.repository);
  const owner = needUser(core.state, input.owner);
  if (!isAtLeast(roleOf(core.state, parent, owner), 'read')) throw notFound();
  const repo = newRepo(core, {
    ownerId: owner.id,
    name: input.name ?? parent.name,
    defaultBranch: parent.defaultBranch,
    forkOf: parent.id,
    private: parent.private,
  });
  const dir = repoDir(core, repo);
  await initRepository(dir, repo.defaultBranch);
  const specs = ['refs/heads/*:refs/heads/*', 'refs/tags/*:refs/tags/*'];
  await fetchRefs(dir, repoDir(core, parent), specs);
  core.state.repos.push(repo);
  tellInstalled(core, repo);
  tick(core, 'repository.forked', fullNameOf(core, repo));
  return result(core, repo);
}

/** Only people who may push do. @throws Refusal 403 */
function needPusher(core: Core, repo: RepoRecord, login: string): UserRecord {
  const user = needUser(core.state, login);
  if (user.id === userById(core.state, repo.ownerId).id) return user;
  if (isAtLeast(roleOf(core.state, repo, user), 'write')) return user;
  throw new Refusal(403, `Permission to ${fullNameOf(core, repo)} denied to ${login}.`);
}

async function pushCommit(
  core: Core,
  input: Parameters<SimActions['pushCommit']>[0],
): Promise<{ sha: string }> {
  const repo = needRepo(core.state, input.repository);
  const user = needPusher(core, repo, input.user);
  const dir = repoDir(core, repo);
  const before = await readRef(dir, `refs/heads/${input.branch}`);
  const start = input.from ?? repo.defaultBranch;
  const isFromStart = before === null || input.force === true;
  const parent = isFromStart ? await resolveCommit(dir, start) : before;
  if (parent === null && (await listRefs(dir, 'refs/heads/')).length > 0) {
    throw notFound(`There is no ${start} in ${input.repository}`);
  }
  const { branch, files } = input;
  const message = input.message ?? `Change ${Object.keys(files).join(', ')}`;
  return { sha: await commitOn(core, { repo, user, branch, parent, files, message }) };
}

async function commitOn(
  core: Core,
  input: {
    repo: RepoRecord;
    user: UserRecord;
    branch: string;
    parent: string | null;
    files: FileChanges;
    message: string;
  },
): Promise<string> {
  const { repo, user, branch } = input;
  const dir = repoDir(core, repo);
  const ref = `refs/heads/${branch}`;
  const author = identityOf(core, user);
  const before = await readRef(dir, ref);
  const after = await commitFiles(dir, { ...input, author, committer: author });
  await forceRef(dir, ref, after);
  await refMoved(core, { repo, ref, before, after, actor: user });
  return after;
}

async function createRef(
  core: Core,
  input: { repository: string; user: string; ref: string; from?: string | undefined },
): Promise<{ sha: string }> {
  const repo = needRepo(core.state, input.repository);
  const actor = needPusher(core, repo, input.user);
  const sha = await resolveCommit(repoDir(core, repo), input.from ?? repo.defaultBranch);
  if (sha === null) throw invalid(`There is no ${input.from} in ${input.repository}`);
  await moveRef(core, { repo, ref: input.ref, before: null, after: sha, actor });
  return { sha };
}

async function deleteRef(
  core: Core,
  input: { repository: string; user: string; ref: string },
): Promise<void> {
  const repo = needRepo(core.state, input.repository);
  const actor = needPusher(core, repo, input.user);
  const before = await readRef(repoDir(core, repo), input.ref);
  if (before === null) throw notFound(`There is no ${input.ref} in ${input.repository}`);
  await moveRef(core, { repo, ref: input.ref, before, after: null, actor });
}
