/** What people do on the page of a pull request. */
import { type Core, fullNameOf } from '../core.ts';
import { needWriter, pressAction, rerunRun, rerunSuite } from '../domain/checks.ts';
import { mergePull } from '../domain/merge.ts';
import {
  changeLabels,
  closePull,
  editPull,
  openPull,
  reopenPull,
  setDraft,
} from '../domain/pulls.ts';
import {
  addComment,
  addReview,
  deleteComment,
  dismissReview,
  editComment,
  needComment,
} from '../domain/talk.ts';
import { invalid, notFound, Refusal } from '../errors.ts';
import {
  isAtLeast,
  needPull,
  needRepo,
  needRun,
  needUser,
  roleOf,
  same,
  userById,
} from '../state/find.ts';
import type { PullRecord, RepoRecord, Role, UserRecord } from '../state/types.ts';
import type { PullResult, SimActions } from './types.ts';

type Actions = Pick<
  SimActions,
  | 'openPullRequest'
  | 'editPullRequest'
  | 'setDraft'
  | 'closePullRequest'
  | 'reopenPullRequest'
  | 'comment'
  | 'editComment'
  | 'deleteComment'
  | 'addLabels'
  | 'removeLabel'
  | 'review'
  | 'dismissReview'
  | 'mergePullRequest'
  | 'rerunCheckRun'
  | 'rerunAllChecks'
  | 'pressCheckAction'
>;

const REVIEW_STATES = {
  approve: 'APPROVED',
  request_changes: 'CHANGES_REQUESTED',
  comment: 'COMMENTED',
} as const;

/** Actions on pull requests. */
export function pullRequestActions(core: Core): Actions {
  const on = (input: { repository: string; number: number; user: string }, needed: Role) =>
    subject(core, input, needed);
  return {
    openPullRequest: (input) => open(core, input),
    async editPullRequest(input) {
      const { pull, user } = on(input, 'triage');
      const { title, body, base } = input;
      await editPull(core, pull, { title, body, base, user });
    },
    async setDraft(input) {
      const { pull, user } = on(input, 'write');
      await setDraft(core, pull, { draft: input.draft, user });
    },
    async closePullRequest(input) {
      const { pull, user } = on(input, 'triage');
      await closePull(core, pull, user);
    },
    async reopenPullRequest(input) {
      const { pull, user } = on(input, 'triage');
      await reopenPull(core, pull, user);
    },
    async comment(input) {
      const { pull, user } = on(input, 'read');
      return { id: addComment(core, pull, { body: input.body, user, appId: null }).id };
    },
    async editComment({ repository, comment, user, body }) {
      const found = needComment(core, needRepo(core.state, repository), comment);
      editComment(core, found, { body, user: needUser(core.state, user) });
    },
    async deleteComment({ repository, comment, user }) {
      const found = needComment(core, needRepo(core.state, repository), comment);
      deleteComment(core, found, needUser(core.state, user));
    },
    async addLabels(input) {
      const { pull, user } = on(input, 'triage');
      await changeLabels(core, pull, { add: input.labels, user });
    },
    async removeLabel(input) {
      const { pull, user } = on(input, 'triage');
      await changeLabels(core, pull, { remove: [input.label], user });
    },
    async review(input) {
      const { pull, user } = on(input, 'read');
      const state = REVIEW_STATES[input.event];
      const sha = input.sha ?? pull.headSha;
      return { id: (await addReview(core, pull, { state, body: input.body ?? '', sha, user })).id };
    },
    async dismissReview(input) {
      const { pull, user } = on(input, 'write');
      const found = core.state.reviews.find(
        (each) => each.id === input.review && each.repoId === pull.repoId,
      );
      if (found === undefined) throw notFound();
      dismissReview(core, found, user);
    },
    async mergePullRequest(input) {
      const { pull, user, repo } = on({ ...input }, 'read');
      needWriter(core, repo, user);
      const method = input.method ?? 'merge';
      const request = { user, method, sha: input.sha, mayTouchWorkflows: true };
      return { sha: await mergePull(core, pull, request) };
    },
    ...checkButtons(core),
  };
}

type Buttons = Pick<Actions, 'rerunCheckRun' | 'rerunAllChecks' | 'pressCheckAction'>;

function checkButtons(core: Core): Buttons {
  return {
    async rerunCheckRun({ repository, checkRun, user }) {
      const repo = needRepo(core.state, repository);
      const person = needUser(core.state, user);
      needWriter(core, repo, person);
      rerunRun(core, needRun(core.state, repo, checkRun), person);
    },
    async rerunAllChecks({ repository, user, checkSuite, number }) {
      const repo = needRepo(core.state, repository);
      const sender = needUser(core.state, user);
      needWriter(core, repo, sender);
      for (const suite of suitesMeant(core, repo, { checkSuite, number })) {
        await rerunSuite(core, { repo, suite, sender });
      }
    },
    async pressCheckAction({ repository, checkRun, identifier, user }) {
      const run = needRun(core.state, needRepo(core.state, repository), checkRun);
      pressAction(core, run, { identifier, user: needUser(core.state, user) });
    },
  };
}

function suitesMeant(
  core: Core,
  repo: RepoRecord,
  meant: { checkSuite: number | undefined; number: number | undefined },
): number[] {
  if (meant.checkSuite !== undefined) return [meant.checkSuite];
  if (meant.number === undefined) throw invalid('checkSuite or number is needed');
  const pull = needPull(core.state, repo, meant.number);
  return core.state.suites
    .filter((suite) => suite.repoId === repo.id && suite.headSha === pull.headSha)
    .filter((suite) => core.state.runs.some((run) => run.suiteId === suite.id))
    .map((suite) => suite.id);
}

/** The pull request and the person; the author may do everything but merge. */
function subject(
  core: Core,
  input: { repository: string; number: number; user: string },
  needed: Role,
): { repo: RepoRecord; pull: PullRecord; user: UserRecord } {
  const repo = needRepo(core.state, input.repository);
  const pull = needPull(core.state, repo, input.number);
  const user = needUser(core.state, input.user);
  const role = roleOf(core.state, repo, user);
  if (role === null) throw notFound();
  if (pull.userId !== user.id && !isAtLeast(role, needed)) {
    throw new Refusal(403, `${user.login} needs ${needed} on ${input.repository}`);
  }
  return { repo, pull, user };
}

async function open(
  core: Core,
  input: Parameters<SimActions['openPullRequest']>[0],
): Promise<PullResult> {
  const repo = needRepo(core.state, input.repository);
  const user = needUser(core.state, input.user);
  if (roleOf(core.state, repo, user) === null) throw notFound();
  const owner = userById(core.state, repo.ownerId).login;
  const colon = input.head.indexOf(':');
  const label = colon === -1 ? owner : input.head.slice(0, colon);
  const headRepo = same(label, owner) ? repo : forkOf(core, repo, label);
  const pull = await openPull(core, {
    repo,
    headRepo,
    headRef: input.head.slice(colon + 1),
    headLabel: label,
    baseRef: input.base ?? repo.defaultBranch,
    title: input.title,
    body: input.body ?? null,
    draft: input.draft ?? false,
    user,
  });
  const repository = fullNameOf(core, repo);
  return {
    id: pull.id,
    repository,
    number: pull.number,
    headSha: pull.headSha,
    baseRef: pull.baseRef,
    url: `${core.urls.root}/${repository}/pull/${pull.number}`,
  };
}

function forkOf(core: Core, repo: RepoRecord, owner: string): RepoRecord {
  const found = core.state.repos.find(
    (each) => each.forkOf === repo.id && same(userById(core.state, each.ownerId).login, owner),
  );
  if (found === undefined) throw notFound(`${owner} has no fork of ${fullNameOf(core, repo)}`);
  return found;
}
