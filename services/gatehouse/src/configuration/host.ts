/** Configuration that stands on GitHub: of a repository at a ref, and of a pull request. */
import { setTimeout } from 'node:timers/promises';
import type { LayoutSource } from '@gatehouse/layout';
import {
  ownerOf,
  type ProposedChange,
  type RepositoryKey,
  repositoryKey,
  type TrustFacts,
} from '@gatehouse/model';
import type { ChangeReader, ConfigurationReader, StateBuilder, TestMerge } from '@gatehouse/ports';
import type { Target, TargetReading } from './target.ts';
import { complaints } from './words.ts';

/** What these commands ask of GitHub. */
export type Host = Pick<ConfigurationReader, 'readConfiguration'> &
  Pick<
    ChangeReader,
    'readRepository' | 'readChange' | 'readChangedFiles' | 'readPermission' | 'readApprovals'
  > &
  Pick<StateBuilder, 'readBranch' | 'readTestMerge'>;

/** A host, or why there is none. */
export type HostOpening =
  | { readonly ok: true; readonly host: Host }
  | { readonly ok: false; readonly complaint: string };

/** A repository on GitHub. */
export interface RemoteQuestion {
  readonly name: string;
  /** Null: that of the branch, or the default branch. */
  readonly ref: string | null;
  /** Branch that the files count as standing on; null: as `ref` and the repository say. */
  readonly branch: string | null;
}

/** A pull request with the configuration that decides about it. */
export interface Pull {
  readonly change: ProposedChange;
  readonly base: Target;
  /** The base's sources with what the change proposes; null: it touches no configuration. */
  readonly own: readonly LayoutSource[] | null;
  /** Null: GitHub does not list them all. */
  readonly changedFiles: readonly string[] | null;
  /** True: read from GitHub's test merge of the change; false: from its head. */
  readonly isMerged: boolean;
  readonly trust: TrustFacts;
}

/** A pull request, or why there is none. */
export type PullReading =
  | { readonly ok: true; readonly pull: Pull }
  | { readonly ok: false; readonly complaint: string };

/** How often a merge is asked for before its head has to do; with the pause, five seconds. */
const MERGE_ASKED_MAX = 10;
const MERGE_PAUSE_MS = 500;

const ownerRepository = '.gatehouse';
/** The default branch, whatever it is called. */
const defaultBranch = 'HEAD';

/** A repository's files with those of its owner. */
export async function readRepository(host: Host, question: RemoteQuestion): Promise<TargetReading> {
  const { name, ref, branch } = question;
  const repository = repositoryKey(name);
  const at = ref ?? branch;
  const own = await host.readConfiguration(repository, at ?? defaultBranch);
  const asked = at === null ? name : `${name}@${at}`;
  if (own === null) {
    const isSeen = at !== null && (await host.readRepository(repository)) !== null;
    const complaint = isSeen ? complaints.noSuchRef(name, at) : complaints.notVisible(name);
    return { ok: false, complaint };
  }
  if (own.files.length === 0) return { ok: false, complaint: complaints.nothingFound(asked) };
  const standsOn = branch ?? (await branchAt(host, repository, ref));
  return { ok: true, target: await besideOwner(host, { repository, branch: standsOn }, own.files) };
}

/** A pull request as it stands now. */
export async function readPull(host: Host, name: string, number: number): Promise<PullReading> {
  const change = await host.readChange(repositoryKey(name), number);
  if (change === null) return { ok: false, complaint: complaints.noSuchPull(name, number) };
  const { repository, baseRef: branch, headSha } = change;
  const merge = await testMergeOf(host, repository, number);
  const [baseSha] = merge.code === 'merged' ? merge.parents : [];
  // An older head's test merge says nothing about this one.
  const isMerged = merge.code === 'merged' && merge.parents.includes(headSha);
  const base = await host.readConfiguration(repository, (isMerged && baseSha) || branch);
  if (base === null) return { ok: false, complaint: complaints.noSuchRef(name, branch) };
  const own = await host.readConfiguration(repository, isMerged ? merge.sha : headSha);
  const target = await besideOwner(host, { repository, branch }, base.files);
  const isTouched = own !== null && own.contentHash !== base.contentHash;
  const last = target.sources.at(-1);
  const proposal =
    isTouched && last !== undefined ? [{ ...last, isProposed: true, files: own.files }] : [];
  return {
    ok: true,
    pull: {
      change,
      base: target,
      own: proposal.length === 0 ? null : [...target.sources, ...proposal],
      changedFiles: await host.readChangedFiles(repository, number),
      isMerged,
      trust: await trustFactsOf(host, change),
    },
  };
}

/** GitHub begins to merge when it is asked, and answers the next time. */
async function testMergeOf(
  host: Host,
  repository: RepositoryKey,
  number: number,
): Promise<TestMerge> {
  for (let asked = 1; ; asked += 1) {
    const merge = await host.readTestMerge(repository, number);
    if (merge.code !== 'computing' || asked === MERGE_ASKED_MAX) return merge;
    await setTimeout(MERGE_PAUSE_MS);
  }
}

/** What stands on a tag or commit counts as standing on the default branch. */
async function branchAt(
  host: Host,
  repository: RepositoryKey,
  ref: string | null,
): Promise<string | null> {
  if (ref !== null && (await host.readBranch(repository, ref)) !== null) return ref;
  return (await host.readRepository(repository))?.defaultBranch ?? null;
}

async function besideOwner(
  host: Host,
  { repository, branch }: { readonly repository: RepositoryKey; readonly branch: string | null },
  files: LayoutSource['files'],
): Promise<Target> {
  const owners = repositoryKey(`${ownerOf(repository)}/${ownerRepository}`);
  const isOwner = repository.toLowerCase() === owners.toLowerCase();
  const owner = isOwner ? null : await host.readConfiguration(owners, defaultBranch);
  const own: LayoutSource = isOwner
    ? { repository, branch: null, role: 'owner', files }
    : { repository, branch, role: 'repository', files };
  const above: readonly LayoutSource[] =
    owner === null ? [] : [{ repository: owners, branch: null, role: 'owner', files: owner.files }];
  const sources = [...above, own];
  const ownerCommand = owner === null ? null : `gatehouse lint ${owners}`;
  return { repository, branch, sources, files, ownerCommand, isNamed: true };
}

/** Approvals by button or comment are kept by the service; from here only reviews are seen. */
async function trustFactsOf(host: Host, change: ProposedChange): Promise<TrustFacts> {
  const { repository, number, headSha, author, isHeadInBase } = change;
  const facts = { isHeadInBase, author, headSha };
  if (isHeadInBase) return { ...facts, authorPermission: 'none', approvals: [] };
  return {
    ...facts,
    authorPermission: await host.readPermission(repository, author),
    approvals: await host.readApprovals(repository, number, headSha),
  };
}
