/** What a page is made from: the read model, and who looks at it. */
import { type Core, fullNameOf, repoDir } from '../core.ts';
import { wantMergeability } from '../domain/mergeability.ts';
import { diffFiles } from '../git/diff.ts';
import { readCommit, resolveCommit } from '../git/read.ts';
import type { PullRequestView } from '../read-model.ts';
import { buildPullRequest, viewSuites } from '../read-model-build.ts';
import { findPull, roleOf } from '../state/find.ts';
import type { RepoRecord } from '../state/types.ts';
import type { CheckSubject } from './check-view.ts';
import type { CommitSubject } from './commit-view.ts';
import type { Frame, Viewer } from './frame.ts';

/** Everything but the subject. `login` is whom the browser says it acts as; null: nobody yet. */
export function frameFor(
  core: Core,
  asked: { readonly login: string | null; readonly path: string },
  repo: RepoRecord | null,
): Frame {
  return {
    viewer: viewerFor(core, asked.login, repo),
    path: asked.path,
    version: core.version,
    nowMs: core.options.clock.now().getTime(),
    repository: repo === null ? null : showRepository(core, repo),
  };
}

/** A pull request as its page shows it; null when there is none. */
export async function pullFor(
  core: Core,
  repo: RepoRecord,
  number: number,
): Promise<PullRequestView | null> {
  const pull = findPull(core.state, repo, number);
  if (pull === undefined) return null;
  // Looking at a pull request starts the work, as it does on GitHub.
  wantMergeability(core, pull);
  const view = await buildPullRequest(core, pull);
  return { ...view, commits: view.commits.map((each) => byAccount(core, each)) };
}

/** A check run with the commit's other checks, and the pull request whose head it is. */
export async function checkFor(
  core: Core,
  repo: RepoRecord,
  id: number,
): Promise<CheckSubject | null> {
  const record = core.state.runs.find((each) => each.id === id && each.repoId === repo.id);
  if (record === undefined) return null;
  const { headSha } = record;
  const suites = viewSuites(core, { repoId: repo.id, headSha });
  const run = suites.flatMap((suite) => suite.runs).find((each) => each.id === id);
  if (run === undefined) return null;
  const pulls = core.state.pulls.filter(
    (each) => each.repoId === repo.id && each.headSha === headSha,
  );
  // Of several with one head, the open one is meant.
  const pull = pulls.find((each) => each.state === 'open') ?? pulls.at(-1);
  return { run, suites, pull: pull === undefined ? null : await pullFor(core, repo, pull.number) };
}

/** A commit beside its first parent, with its checks; null when there is none. */
export async function commitFor(
  core: Core,
  repo: RepoRecord,
  name: string,
): Promise<CommitSubject | null> {
  const dir = repoDir(core, repo);
  const sha = /^[0-9a-f]{7,40}$/.test(name) ? await resolveCommit(dir, name) : null;
  if (sha === null) return null;
  const commit = await readCommit(dir, sha);
  const { author, message, parents } = commit;
  return {
    ...byAccount(core, { sha, message, author: author.name, date: author.date }),
    files: await diffFiles(dir, parents[0] ?? null, sha),
    suites: viewSuites(core, { repoId: repo.id, headSha: sha }),
  };
}

function viewerFor(core: Core, login: string | null, repo: RepoRecord | null): Viewer {
  const people = core.state.users.filter((user) => user.type === 'User');
  const user = people.find((each) => each.login === login) ?? people[0];
  return {
    login: user?.login ?? 'nobody',
    role: user === undefined || repo === null ? null : roleOf(core.state, repo, user),
    people: people.map((each) => each.login),
  };
}

function showRepository(core: Core, repo: RepoRecord): NonNullable<Frame['repository']> {
  const parent = core.state.repos.find((each) => each.id === repo.forkOf);
  return {
    repository: fullNameOf(core, repo),
    private: repo.private,
    forkOf: parent === undefined ? null : fullNameOf(core, parent),
  };
}

/** Git knows names; whoever has an account is shown by it. */
function byAccount<C extends { author: string }>(core: Core, commit: C): C {
  const user = core.state.users.find((each) => each.name === commit.author);
  return user === undefined ? commit : { ...commit, author: user.login };
}
