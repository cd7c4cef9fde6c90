/** Fills the read model from the state and git. */
import { type Core, fullNameOf, repoDir } from './core.ts';
import { mergeState } from './domain/merge-state.ts';
import { latestRuns, suiteVerdict } from './domain/suite-verdict.ts';
import { diffFiles } from './git/diff.ts';
import { logCommits, mergeBase } from './git/read.ts';
import type {
  CheckRunSummary,
  CheckRunView,
  Overview,
  PullRequestSummary,
  PullRequestView,
  RepositoryView,
} from './read-model.ts';
import { appById, fullName, repoById, same, userById } from './state/find.ts';
import type { CommentRecord, PullRecord, RepoRecord, RunRecord } from './state/types.ts';

/** Everything, or one repository's part. */
export function buildOverview(core: Core, repository?: string): Overview {
  const { state } = core;
  const repos = state.repos.filter(
    (repo) => repository === undefined || same(fullName(state, repo), repository),
  );
  return {
    version: core.version,
    url: core.urls.root,
    apiUrl: core.urls.api,
    users: state.users.map(({ login, type }) => ({ login, type })),
    apps: state.apps.map(({ id, slug, webhookUrl }) => ({ id, slug, webhookUrl })),
    installations: state.installations.map((each) => ({
      id: each.id,
      app: appById(state, each.appId).slug,
      owner: userById(state, each.accountId).login,
      repositories:
        each.selection === 'all' ? 'all' : each.repositoryIds.map((id) => repoById(state, id).name),
      suspended: each.suspendedAt !== null,
    })),
    repositories: repos.map((repo) => buildRepository(core, repo)),
  };
}

function buildRepository(core: Core, repo: RepoRecord): RepositoryView {
  const parent = repo.forkOf === null ? null : repoById(core.state, repo.forkOf);
  return {
    repository: fullNameOf(core, repo),
    private: repo.private,
    defaultBranch: repo.defaultBranch,
    forkOf: parent === null ? null : fullNameOf(core, parent),
    pullRequests: core.state.pulls
      .filter((pull) => pull.repoId === repo.id)
      .map((pull) => summarize(core, pull))
      .reverse(),
  };
}

function summarize(core: Core, pull: PullRecord): PullRequestSummary {
  const repo = repoById(core.state, pull.repoId);
  const isFork = pull.headRepoId !== pull.repoId;
  const state = pull.mergedAt === null ? pull.state : 'merged';
  return {
    repository: fullNameOf(core, repo),
    number: pull.number,
    title: pull.title,
    author: userById(core.state, pull.userId).login,
    state,
    draft: pull.draft,
    head: isFork ? `${pull.headLabel}:${pull.headRef}` : pull.headRef,
    headSha: pull.headSha,
    base: pull.baseRef,
    labels: pull.labels,
    mergeable: pull.mergeable,
    updatedAt: pull.updatedAt,
    checks: suitesOn(core, pull).flatMap((suite) =>
      latestRuns(core.state, suite).map((run) => summarizeRun(core, run)),
    ),
  };
}

/** A commit of a repository: the head of a pull request, or one that was pushed. */
type OnCommit = Pick<PullRecord, 'repoId' | 'headSha'>;

function suitesOn(core: Core, { repoId, headSha }: OnCommit) {
  return core.state.suites.filter((suite) => suite.repoId === repoId && suite.headSha === headSha);
}

function summarizeRun(core: Core, run: RunRecord): CheckRunSummary {
  return {
    id: run.id,
    name: run.name,
    app: appById(core.state, run.appId).slug,
    status: run.status,
    conclusion: run.conclusion,
    title: run.title,
    detailsUrl: run.detailsUrl,
    externalId: run.externalId,
  };
}

function viewRun(core: Core, run: RunRecord): CheckRunView {
  const { headSha, summary, text, startedAt, completedAt, annotations, actions } = run;
  const shown = summarizeRun(core, run);
  return { ...shown, headSha, summary, text, startedAt, completedAt, annotations, actions };
}

/** One pull request with everything that its page shows. */
export async function buildPullRequest(core: Core, pull: PullRecord): Promise<PullRequestView> {
  const { state } = core;
  const repo = repoById(state, pull.repoId);
  const dir = repoDir(core, repo);
  const base = (await mergeBase(dir, pull.baseSha, pull.headSha)) ?? pull.baseSha;
  const commits = await logCommits(dir, ['--reverse', `${base}..${pull.headSha}`]);
  const files = await diffFiles(dir, base, pull.headSha);
  const box = mergeState(core, pull);
  const isHere = (each: { repoId: number; number: number }) =>
    each.repoId === pull.repoId && each.number === pull.number;
  return {
    ...summarize(core, pull),
    body: pull.body,
    url: `${core.urls.root}/${fullNameOf(core, repo)}/pull/${pull.number}`,
    createdAt: pull.createdAt,
    mergedBy: pull.mergedById === null ? null : userById(state, pull.mergedById).login,
    mergeCommitSha: pull.mergedAt === null ? null : pull.mergeCommitSha,
    commits: commits.map(({ sha, message, author }) => ({
      sha,
      message,
      author: author.name,
      date: author.date,
    })),
    files: files.map(({ path, status, additions, deletions, patch }) => ({
      path,
      status,
      additions,
      deletions,
      patch,
    })),
    comments: state.comments.filter(isHere).map((comment) => viewComment(core, comment)),
    reviews: state.reviews.filter(isHere).map((review) => ({
      id: review.id,
      author: userById(state, review.userId).login,
      state: review.state,
      body: review.body,
      commitId: review.commitId,
      submittedAt: review.submittedAt,
    })),
    suites: viewSuites(core, pull),
    statuses: viewStatuses(core, pull),
    mergeBox: {
      state: box.state,
      canMerge: pull.state === 'open' && (box.state === 'clean' || box.state === 'unstable'),
      reasons: box.reasons,
    },
  };
}

function viewComment(core: Core, comment: CommentRecord) {
  const reactions: Record<string, number> = {};
  for (const { content } of comment.reactions) reactions[content] = (reactions[content] ?? 0) + 1;
  const author = userById(core.state, comment.userId).login;
  const { id, body, createdAt } = comment;
  return { id, author, body, createdAt, reactions };
}

/** Suites on a commit with every run, newest first. */
export function viewSuites(core: Core, commit: OnCommit): PullRequestView['suites'] {
  return suitesOn(core, commit).map((suite) => ({
    id: suite.id,
    app: appById(core.state, suite.appId).slug,
    ...suiteVerdict(core.state, suite),
    runs: core.state.runs
      .filter((run) => run.suiteId === suite.id)
      .map((run) => viewRun(core, run))
      .reverse(),
  }));
}

function viewStatuses(core: Core, pull: PullRecord): PullRequestView['statuses'] {
  const newest = new Map<string, PullRequestView['statuses'][number]>();
  for (const status of core.state.statuses) {
    if (status.repoId !== pull.repoId || status.sha !== pull.headSha) continue;
    const { context, state, description, targetUrl } = status;
    newest.set(context.toLowerCase(), { context, state, description, targetUrl });
  }
  return [...newest.values()];
}
