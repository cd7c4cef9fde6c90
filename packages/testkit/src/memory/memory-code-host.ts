/**
 * A code host in memory: repositories with branches, changes, people, check runs and statuses, as
 * far as the services ask for them. Names of commits follow from what they hold, so that the same
 * story always gives the same names. It counts what it is asked.
 */
import { createHash } from 'node:crypto';
import {
  type Approval,
  type CommitSha,
  commitSha,
  ownerOf,
  type Permission,
  type ProposedChange,
  type RepositoryKey,
  repositoryKey,
} from '@gatehouse/model';
import type {
  ChangeReader,
  ConfigurationFile,
  ConfigurationReader,
  ConfigurationSurvey,
  StateBuilder,
  UnreadableFile,
} from '@gatehouse/ports';

/** Files of a commit by path. */
export type Files = Readonly<Record<string, string>>;

interface Commit {
  readonly files: Files;
  readonly parents: readonly CommitSha[];
}

interface Repository {
  readonly key: RepositoryKey;
  readonly branches: Map<string, CommitSha>;
  readonly commits: Map<CommitSha, Commit>;
  readonly changes: Map<number, ProposedChange>;
  /** By path and text, so that what did not change is the same object again. */
  readonly read: Map<string, ConfigurationFile>;
}

/** What a new change is. */
export interface NewChange {
  readonly repository: string;
  readonly number: number;
  readonly author?: string;
  /** Branch it goes to; default `main`. */
  readonly baseRef?: string;
  /** On top of the base's files. */
  readonly files?: Files;
  /** Default true: its branch is in the repository itself. */
  readonly isHeadInBase?: boolean;
}

/** The code host, with what tests do to it. */
export interface MemoryCodeHost
  extends ChangeReader,
    ConfigurationReader,
    ConfigurationSurvey,
    StateBuilder {
  /** Names of the methods that were asked, in order. */
  readonly calls: string[];
  /** What was asked for configuration, `acme/api@main` each, in order. */
  readonly configurationsRead: string[];
  /** Branches that are protected, `acme/api@main` each. */
  readonly protectedBranches: Set<string>;
  /** Repositories that only some can see. */
  readonly privateRepositories: Set<string>;
  /** Configuration files that are too large to be read, by path. */
  readonly unreadable: Set<string>;
  readonly people: Map<string, Permission>;
  readonly approvals: Approval[];
  /** Changes that are not shown although they are there, by number. */
  readonly hidden: Set<number>;
  /** Changes whose test merge is in conflict, or not computed yet, by number. */
  readonly conflicting: Set<number>;
  readonly computing: Set<number>;
  /** Runs that are shown on a commit. */
  shownRuns: Awaited<ReturnType<ChangeReader['readShownRuns']>>;
  /** Commits to a branch, which is made with its repository when it is not there. */
  commit(repository: string, branch: string, files: Files): CommitSha;
  /** Removes a branch as a person does. */
  deleteBranch(repository: string, branch: string): void;
  /** Every branch of a repository, in order. */
  branchesOf(repository: string): readonly string[];
  open(change: NewChange): ProposedChange;
  /** Commits to the head of a change. */
  push(repository: string, number: number, files: Files): ProposedChange;
  edit(repository: string, number: number, different: Partial<ProposedChange>): ProposedChange;
}

/** The default branch of every repository here. */
const DEFAULT_BRANCH = 'main';
const CONFIGURATION = '.gatehouse.yaml';
const CONFIGURATION_FOLDER = '.gatehouse.d/';

/** Makes an empty one. */
export function memoryCodeHost(): MemoryCodeHost {
  const repositories = new Map<string, Repository>();
  const find = (name: string): Repository | undefined => repositories.get(name.toLowerCase());
  const change = (name: string, number: number): ProposedChange => {
    const found = find(name)?.changes.get(number);
    if (found === undefined) throw new Error(`there is no ${name}#${number}`);
    return found;
  };
  const people = new Map<string, Permission>();
  const host: MemoryCodeHost = {
    calls: [],
    configurationsRead: [],
    protectedBranches: new Set(),
    privateRepositories: new Set(),
    unreadable: new Set(),
    people,
    approvals: [],
    hidden: new Set(),
    conflicting: new Set(),
    computing: new Set(),
    shownRuns: [],
    commit: (name, branch, files) => {
      const repository = find(name) ?? newRepository(name);
      repositories.set(name.toLowerCase(), repository);
      return commitTo(repository, branch, files);
    },
    deleteBranch: (name, branch) => {
      find(name)?.branches.delete(branch);
    },
    branchesOf: (name) => [...(find(name)?.branches.keys() ?? [])].sort(),
    open: (wanted) => {
      const isPublic = !host.privateRepositories.has(wanted.repository);
      const opened = openChange(find(wanted.repository), wanted);
      return host.edit(wanted.repository, opened.number, { isRepositoryPublic: isPublic });
    },
    push: (name, number, files) => {
      const repository = find(name);
      const { headRef } = change(name, number);
      if (repository === undefined) throw new Error(`there is no ${name}`);
      return host.edit(name, number, { headSha: commitTo(repository, headRef, files) });
    },
    edit: (name, number, different) => {
      const edited = { ...change(name, number), ...different };
      find(name)?.changes.set(number, edited);
      return edited;
    },
    ...reading(find, () => host),
    ...configuring(repositories, () => host),
    ...building(find, () => host),
  };
  return host;
}

type Find = (name: string) => Repository | undefined;

function reading(find: Find, host: () => MemoryCodeHost): ChangeReader {
  const asked = (name: string): MemoryCodeHost => {
    host().calls.push(name);
    return host();
  };
  return {
    readChange: async (repository, number) => {
      const { hidden } = asked('readChange');
      return hidden.has(number) ? null : (find(repository)?.changes.get(number) ?? null);
    },
    findChangesByHead: async (repository, headSha) => {
      asked('findChangesByHead');
      const changes = [...(find(repository)?.changes.values() ?? [])];
      return changes
        .filter((one) => one.isOpen && one.headSha === headSha)
        .map((one) => one.number);
    },
    readPermission: async (_repository, login) =>
      asked('readPermission').people.get(login) ?? 'none',
    readApprovals: async (_repository, _number, headSha) =>
      asked('readApprovals').approvals.filter((one) => one.headSha === headSha),
    readChangedFiles: async (repository, number) => {
      asked('readChangedFiles');
      const found = find(repository);
      const proposed = found?.changes.get(number);
      if (found === undefined || proposed === undefined) return null;
      return Object.keys(changedBy(found, proposed.headSha, proposed.baseSha)).sort();
    },
    readRepository: async (repository) => {
      asked('readRepository');
      const found = find(repository);
      if (found === undefined) return null;
      return {
        repository: found.key,
        isPublic: isPublic(host(), found.key),
        defaultBranch: DEFAULT_BRANCH,
      };
    },
    readShownRuns: async () => asked('readShownRuns').shownRuns,
  };
}

function configuring(
  repositories: ReadonlyMap<string, Repository>,
  host: () => MemoryCodeHost,
): ConfigurationReader & ConfigurationSurvey {
  return {
    readConfiguration: async (key, ref) => {
      host().calls.push('readConfiguration');
      host().configurationsRead.push(`${key}@${ref}`);
      const found = repositories.get(key.toLowerCase());
      const sha = found?.branches.get(ref === 'HEAD' ? DEFAULT_BRANCH : ref) ?? ref;
      const commit = found?.commits.get(sha as CommitSha); // a ref is a branch or a commit
      if (found === undefined || commit === undefined) return null;
      return { repository: found.key, ref, ...configurationOf(found, commit, host().unreadable) };
    },
    listBranches: async (key, which) => {
      host().calls.push(`listBranches ${which}`);
      const found = repositories.get(key.toLowerCase());
      if (found === undefined) return null;
      const branches = [...found.branches].map(([name, sha]) => ({
        name,
        sha,
        isProtected: host().protectedBranches.has(`${found.key}@${name}`),
      }));
      const wanted = branches.filter((branch) => which === 'all' || branch.isProtected);
      return { branches: wanted, isComplete: true };
    },
    listRepositories: async (key) => {
      host().calls.push('listRepositories');
      const all = [...repositories.values()].filter((one) => ownerOf(one.key) === ownerOf(key));
      const facts = all.map(({ key: repository }) => ({
        repository,
        isPublic: isPublic(host(), repository),
        defaultBranch: DEFAULT_BRANCH,
      }));
      return { repositories: facts, isComplete: true };
    },
  };
}

function configurationOf(repository: Repository, commit: Commit, unreadable: ReadonlySet<string>) {
  const entries = Object.entries(commit.files).filter(([path]) => isConfiguration(path));
  const isLarge = ([path]: readonly [string, string]) => unreadable.has(path);
  const complaints: readonly UnreadableFile[] = entries
    .filter(isLarge)
    .map(([path]) => ({ path, complaint: 'is larger than 1 MiB' }));
  const files = entries
    .filter((entry) => !isLarge(entry))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => {
      const name = JSON.stringify([path, text]);
      const file = repository.read.get(name) ?? { path, text };
      repository.read.set(name, file);
      return file;
    });
  const contentHash = nameOf([files, complaints]);
  return complaints.length === 0
    ? { files, contentHash }
    : { files, unreadable: complaints, contentHash };
}

function isConfiguration(path: string): boolean {
  return path === CONFIGURATION || path.startsWith(CONFIGURATION_FOLDER);
}

function isPublic(host: MemoryCodeHost, repository: RepositoryKey): boolean {
  return !host.privateRepositories.has(repository);
}

function building(find: Find, host: () => MemoryCodeHost): StateBuilder {
  const known = (repository: RepositoryKey, name: string): Repository => {
    host().calls.push(name);
    const found = find(repository);
    if (found === undefined) throw new Error(`there is no ${repository}`);
    return found;
  };
  return {
    readTestMerge: async (repository, number) => {
      const found = known(repository, 'readTestMerge');
      const proposed = found.changes.get(number);
      if (proposed === undefined || !proposed.isOpen) return { code: 'closed' };
      if (host().computing.has(number)) return { code: 'computing' };
      if (host().conflicting.has(number)) return { code: 'conflict' };
      const tip = found.branches.get(proposed.baseRef);
      if (tip === undefined) return { code: 'conflict' };
      const sha = merge(found, tip, proposed.headSha);
      const ref = `refs/pull/${number}/merge`;
      return { code: 'merged', ref, sha, parents: [tip, proposed.headSha] };
    },
    readBranch: async (repository, branch) =>
      known(repository, 'readBranch').branches.get(branch) ?? null,
    placeBranch: async (repository, branch, sha) => {
      known(repository, 'placeBranch').branches.set(branch, sha);
    },
    mergeInto: async (repository, branch, { headSha }) => {
      const found = known(repository, 'mergeInto');
      const tip = found.branches.get(branch);
      if (tip === undefined || !found.commits.has(headSha)) return { code: 'missing' };
      const sha = merge(found, tip, headSha);
      found.branches.set(branch, sha);
      return { code: 'merged', sha };
    },
    removeBranch: async (repository, branch) => {
      known(repository, 'removeBranch').branches.delete(branch);
    },
  };
}

function newRepository(name: string): Repository {
  const key = repositoryKey(name);
  return {
    key,
    branches: new Map(),
    commits: new Map(),
    changes: new Map(),
    read: new Map(),
  };
}

function openChange(repository: Repository | undefined, wanted: NewChange): ProposedChange {
  const { number, author = 'ada', baseRef = DEFAULT_BRANCH, isHeadInBase = true } = wanted;
  const baseSha = repository?.branches.get(baseRef);
  if (repository === undefined || baseSha === undefined) throw new Error('there is no such base');
  const headRef = `change-${number}`;
  repository.branches.set(headRef, baseSha);
  const headSha = commitTo(repository, headRef, { [`file-${number}`]: '', ...wanted.files });
  const change: ProposedChange = {
    kind: 'proposed',
    repository: repository.key,
    isRepositoryPublic: true,
    defaultBranch: DEFAULT_BRANCH,
    number,
    url: `https://github.example/${repository.key}/pull/${number}`,
    title: `Change ${number}`,
    author,
    baseRef,
    baseSha,
    headSha,
    headRef,
    isHeadInBase,
    isOpen: true,
    isMerged: false,
    isDraft: false,
    labels: [],
  };
  repository.changes.set(number, change);
  return change;
}

function commitTo(repository: Repository, branch: string, files: Files): CommitSha {
  const parent = repository.branches.get(branch);
  const before = parent === undefined ? {} : (repository.commits.get(parent)?.files ?? {});
  const sha = store(repository, {
    files: { ...before, ...files },
    parents: parent === undefined ? [] : [parent],
  });
  repository.branches.set(branch, sha);
  return sha;
}

/** The base's files with those that the head changed since it left the base. */
function merge(repository: Repository, base: CommitSha, head: CommitSha): CommitSha {
  const files = repository.commits.get(base)?.files ?? {};
  const changed = changedBy(repository, head, base);
  return store(repository, { files: { ...files, ...changed }, parents: [base, head] });
}

function changedBy(repository: Repository, head: CommitSha, base: CommitSha): Files {
  const shared = new Set(ancestors(repository, base));
  const fork = ancestors(repository, head).find((sha) => shared.has(sha));
  const before = fork === undefined ? {} : (repository.commits.get(fork)?.files ?? {});
  const after = repository.commits.get(head)?.files ?? {};
  return Object.fromEntries(Object.entries(after).filter(([path, text]) => before[path] !== text));
}

function ancestors(repository: Repository, from: CommitSha): readonly CommitSha[] {
  const first = repository.commits.get(from)?.parents[0];
  return first === undefined ? [from] : [from, ...ancestors(repository, first)];
}

function store(repository: Repository, commit: Commit): CommitSha {
  const sha = commitSha(nameOf(commit));
  repository.commits.set(sha, commit);
  return sha;
}

function nameOf(content: object): string {
  return createHash('sha1').update(JSON.stringify(content)).digest('hex');
}
