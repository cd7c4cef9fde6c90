/** Commit statuses. */
import { addStatus } from '../domain/talk.ts';
import { page } from '../http/paging.ts';
import {
  bodyOf,
  created,
  ok,
  type Reply,
  type RepoCall,
  type Route,
  repoRoute,
} from '../http/route.ts';
import { showSimpleStatus, showStatus } from '../present/checks.ts';
import { repoApi, showSimpleRepo } from '../present/repositories.ts';
import type { StatusRecord } from '../state/types.ts';
import { needCommit } from './commits.ts';

const READ = [{ statuses: 'read' }];

export const statusRoutes: readonly Route[] = [
  repoRoute('POST /statuses/{sha}', { anyOf: [{ statuses: 'write' }] }, create),
  repoRoute('GET /commits/{ref}/statuses', { anyOf: READ }, async (call) => {
    const all = (await statusesOf(call)).toReversed();
    const { items, link } = page(call, all);
    return ok(
      items.map((each) => showStatus(call.core, each)),
      { link },
    );
  }),
  repoRoute('GET /commits/{ref}/status', { anyOf: READ }, combined),
];

interface StatusRequest {
  readonly state: StatusRecord['state'];
  readonly target_url?: string | null;
  readonly description?: string | null;
  readonly context?: string;
}

async function create(call: RepoCall): Promise<Reply> {
  const { core, repo, actor } = call;
  const request = bodyOf<StatusRequest>(call);
  const on = { repo, sha: call.params.sha ?? '', user: actor };
  const status = await addStatus(core, on, {
    state: request.state,
    context: request.context ?? 'default',
    description: request.description ?? null,
    targetUrl: request.target_url ?? null,
  });
  return created(showStatus(core, status));
}

async function statusesOf(call: RepoCall): Promise<StatusRecord[]> {
  const sha = await needCommit(call, call.params.ref ?? '');
  return call.core.state.statuses.filter(
    (each) => each.repoId === call.repo.id && each.sha === sha,
  );
}

async function combined(call: RepoCall): Promise<Reply> {
  const { core, repo } = call;
  const sha = await needCommit(call, call.params.ref ?? '');
  const newest = new Map<string, StatusRecord>();
  for (const each of await statusesOf(call)) newest.set(each.context.toLowerCase(), each);
  const all = [...newest.values()];
  const { items, link } = page(call, all);
  const self = `${repoApi(core, repo)}/commits/${sha}`;
  const body = {
    state: combine(all),
    statuses: items.map((each) => showSimpleStatus(core, each)),
    sha,
    total_count: all.length,
    repository: showSimpleRepo(core, repo),
    commit_url: self,
    url: `${self}/status`,
  };
  return ok(body, { link });
}

function combine(statuses: readonly StatusRecord[]): string {
  if (statuses.some((each) => each.state === 'failure' || each.state === 'error')) return 'failure';
  const isPending = statuses.length === 0 || statuses.some((each) => each.state === 'pending');
  return isPending ? 'pending' : 'success';
}
