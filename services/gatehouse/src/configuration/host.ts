/**
 * Configuration that stands on GitHub: of a repository at a ref, and of a pull request. It is read
 * as the engine reads it, so that what is said here is what a run would do.
 */
import { setTimeout } from 'node:timers/promises';
import type { Layouts, LoadedLayout } from '@gatehouse/engine';
import { type ProposedChange, repositoryKey, type TrustFacts } from '@gatehouse/model';
import type { ChangeReader, StateBuilder, TestMerge } from '@gatehouse/ports';
import type { Target, TargetReading } from './target-shape.ts';
import { complaints } from './words.ts';

/** What these commands ask of GitHub. */
export type Host = Pick<
  ChangeReader,
  'readRepository' | 'readChange' | 'readChangedFiles' | 'readPermission' | 'readApprovals'
> &
  Pick<StateBuilder, 'readBranch' | 'readTestMerge'> & {
    readonly layouts: Pick<Layouts, 'at' | 'proposed'>;
  };

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
  /** True: a repository without files is taken for what its owner gives it. */
  readonly mayBeEmpty: boolean;
}

/** A pull request with the configuration that decides about it. */
export interface Pull {
  readonly change: ProposedChange;
  readonly base: LoadedLayout;
  /** With what the change proposes; null: it touches no configuration. */
  readonly own: LoadedLayout | null;
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

/** A repository's files with everything they are read beside. */
export async function readRepository(host: Host, question: RemoteQuestion): Promise<TargetReading> {
  const { name, branch } = question;
  const facts = await host.readRepository(repositoryKey(name));
  if (facts === null) return { ok: false, complaint: complaints.notVisible(name) };
  const { repository, defaultBranch, isPublic } = facts;
  const ref = question.ref ?? branch ?? defaultBranch;
  const isBranch = (await host.readBranch(repository, ref)) !== null;
  // What stands on a tag or commit counts as standing on the default branch.
  const standsOn = branch ?? (isBranch ? ref : defaultBranch);
  const where = { ref, branch: standsOn, isNow: ref === standsOn };
  const loaded = await host.layouts.at({ repository, defaultBranch, isPublic, ...where });
  if (loaded === null) return { ok: false, complaint: complaints.noSuchRef(name, ref) };
  if (!loaded.hasOwnFiles && !question.mayBeEmpty) {
    return { ok: false, complaint: complaints.nothingFound(`${name}@${ref}`) };
  }
  return { ok: true, target: targetOf(loaded, standsOn) };
}

function targetOf(loaded: LoadedLayout, branch: string): Target {
  const { sources, others, own, question, layout, problems } = loaded;
  const { repository } = question;
  const owner = sources.find(({ source }) => source.role === 'owner')?.source.repository;
  const isBeside = owner !== undefined && owner !== own.source.repository;
  return {
    repository,
    branch,
    sources: [...sources, ...others].map(({ source }) => source),
    files: own.source.files,
    ownerCommand: isBeside ? `gatehouse lint ${owner}` : null,
    isNamed: true,
    loaded: { layout, problems },
  };
}

/** A pull request as it stands now. */
export async function readPull(host: Host, name: string, number: number): Promise<PullReading> {
  const change = await host.readChange(repositoryKey(name), number);
  if (change === null) return { ok: false, complaint: complaints.noSuchPull(name, number) };
  const { repository, baseRef: branch, headSha, isRepositoryPublic: isPublic } = change;
  const merge = await testMergeOf(host, change);
  const [baseSha] = merge.code === 'merged' ? merge.parents : [];
  // An older head's test merge says nothing about this one.
  const isMerged = merge.code === 'merged' && merge.parents.includes(headSha);
  const base = await host.layouts.at({
    repository,
    ref: (isMerged && baseSha) || branch,
    branch,
    defaultBranch: change.defaultBranch ?? null,
    isPublic,
    isNow: !isMerged,
  });
  if (base === null) return { ok: false, complaint: complaints.noSuchRef(name, branch) };
  const at = isMerged ? merge.sha : headSha;
  const own = await host.layouts.proposed(base, repository, at);
  if (own === null) return { ok: false, complaint: complaints.noSuchRef(name, at) };
  return {
    ok: true,
    pull: {
      change,
      base,
      own: own === base ? null : own,
      changedFiles: await host.readChangedFiles(repository, number),
      isMerged,
      trust: await trustFactsOf(host, change),
    },
  };
}

/** GitHub begins to merge when it is asked, and answers the next time. */
async function testMergeOf(host: Host, { repository, number }: ProposedChange): Promise<TestMerge> {
  for (let asked = 1; ; asked += 1) {
    const merge = await host.readTestMerge(repository, number);
    if (merge.code !== 'computing' || asked === MERGE_ASKED_MAX) return merge;
    await setTimeout(MERGE_PAUSE_MS);
  }
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
