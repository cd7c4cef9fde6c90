/** The issue half of pull requests: comments, labels and reactions. */
import { now, tick } from '../core.ts';
import { changeLabels } from '../domain/pulls.ts';
import { addComment, deleteComment, editComment, needComment } from '../domain/talk.ts';
import { notFound } from '../errors.ts';
import { page } from '../http/paging.ts';
import {
  bodyOf,
  created,
  installationOf,
  noContent,
  ok,
  type Reply,
  type RepoCall,
  type Route,
  repoRoute,
} from '../http/route.ts';
import { showComment, showIssue, showLabel, showLabels, showReaction } from '../present/pulls.ts';
import { needPull } from '../state/find.ts';
import type { PullRecord } from '../state/types.ts';

/** On a pull request either permission will do. */
const READ = [{ issues: 'read' }, { pull_requests: 'read' }];
const WRITE = [{ issues: 'write' }, { pull_requests: 'write' }];
const ISSUE = '/issues/{issue_number}';
const COMMENT = '/issues/comments/{comment_id}';

export const issueRoutes: readonly Route[] = [
  repoRoute(`GET ${ISSUE}`, { anyOf: READ }, (call) => ok(showIssue(call.core, issueOf(call)))),
  repoRoute(`GET ${ISSUE}/comments`, { anyOf: READ }, listComments),
  repoRoute(`POST ${ISSUE}/comments`, { anyOf: WRITE, role: 'read' }, (call) => {
    const { body } = bodyOf<{ body: string }>(call);
    const appId = installationOf(call)?.app.id ?? null;
    const comment = addComment(call.core, issueOf(call), { body, user: call.actor, appId });
    return created(showComment(call.core, comment));
  }),
  repoRoute(`GET ${COMMENT}`, { anyOf: READ }, (call) =>
    ok(showComment(call.core, commentOf(call))),
  ),
  repoRoute(`PATCH ${COMMENT}`, { anyOf: WRITE, role: 'read' }, (call) => {
    const { body } = bodyOf<{ body: string }>(call);
    const comment = commentOf(call);
    editComment(call.core, comment, { body, user: call.actor });
    return ok(showComment(call.core, comment));
  }),
  repoRoute(`DELETE ${COMMENT}`, { anyOf: WRITE }, (call) => {
    deleteComment(call.core, commentOf(call), call.actor);
    return noContent;
  }),
  repoRoute(`GET ${COMMENT}/reactions`, { anyOf: READ }, (call) => {
    const { items, link } = page(call, commentOf(call).reactions);
    return ok(
      items.map((each) => showReaction(call.core, each)),
      { link },
    );
  }),
  repoRoute(`POST ${COMMENT}/reactions`, { anyOf: WRITE, role: 'read' }, react),
  repoRoute(`GET ${ISSUE}/labels`, { anyOf: READ }, (call) => showPullLabels(call)),
  repoRoute(`POST ${ISSUE}/labels`, { anyOf: WRITE, role: 'triage' }, async (call) => {
    const add = labelNames(call);
    await changeLabels(call.core, issueOf(call), { add, user: call.actor });
    return showPullLabels(call);
  }),
  repoRoute(`PUT ${ISSUE}/labels`, { anyOf: WRITE, role: 'triage' }, async (call) => {
    const pull = issueOf(call);
    const add = labelNames(call);
    const remove = pull.labels.filter((name) => !add.includes(name));
    await changeLabels(call.core, pull, { add, remove, user: call.actor });
    return showPullLabels(call);
  }),
  repoRoute(`DELETE ${ISSUE}/labels/{name}`, { anyOf: WRITE, role: 'triage' }, async (call) => {
    const pull = issueOf(call);
    const name = call.params.name ?? '';
    if (!pull.labels.some((each) => each.toLowerCase() === name.toLowerCase())) {
      throw notFound('Label does not exist');
    }
    await changeLabels(call.core, pull, { remove: [name], user: call.actor });
    return showPullLabels(call);
  }),
  repoRoute('GET /labels', { anyOf: READ }, (call) => {
    const { items, link } = page(call, call.repo.labels);
    return ok(
      items.map((label) => showLabel(call.core, call.repo, label)),
      { link },
    );
  }),
];

function issueOf(call: RepoCall): PullRecord {
  return needPull(call.core.state, call.repo, Number(call.params.issue_number));
}

function commentOf(call: RepoCall) {
  return needComment(call.core, call.repo, Number(call.params.comment_id));
}

function listComments(call: RepoCall): Reply {
  const pull = issueOf(call);
  const since = call.query.get('since');
  const all = call.core.state.comments.filter(
    (comment) =>
      comment.repoId === pull.repoId &&
      comment.number === pull.number &&
      (since === undefined || Date.parse(comment.updatedAt) >= Date.parse(since)),
  );
  const { items, link } = page(call, all);
  return ok(
    items.map((comment) => showComment(call.core, comment)),
    { link },
  );
}

type LabelList = readonly (string | { name: string })[];

/** GitHub takes `{ labels: […] }` and a bare list, of names or of objects. */
function labelNames(call: RepoCall): string[] {
  const body = bodyOf<{ labels?: LabelList } | LabelList>(call);
  const list = 'labels' in body ? (body.labels ?? []) : body;
  if (!Array.isArray(list)) return [];
  return list.map((each: LabelList[number]) => (typeof each === 'string' ? each : each.name));
}

function showPullLabels(call: RepoCall): Reply {
  const { items, link } = page(call, issueOf(call).labels);
  return ok(showLabels(call.core, call.repo, items), { link });
}

function react(call: RepoCall): Reply {
  const { core, actor } = call;
  const comment = commentOf(call);
  const { content } = bodyOf<{ content: string }>(call);
  const known = comment.reactions.find(
    (each) => each.userId === actor.id && each.content === content,
  );
  if (known !== undefined) return ok(showReaction(core, known));
  const reaction = { id: core.store.id(), userId: actor.id, content, createdAt: now(core) };
  comment.reactions.push(reaction);
  tick(core, 'reaction');
  return created(showReaction(core, reaction));
}
