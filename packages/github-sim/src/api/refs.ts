/** Git refs. */
import { repoDir } from '../core.ts';
import { moveRef } from '../domain/refs.ts';
import { invalid, notFound } from '../errors.ts';
import { isAncestor, listRefs, objectType, readRef } from '../git/read.ts';
import { page } from '../http/paging.ts';
import {
  bodyOf,
  created,
  noContent,
  ok,
  type Reply,
  type RepoCall,
  type Route,
  repoRoute,
} from '../http/route.ts';
import { repoApi } from '../present/repositories.ts';
import { nodeId } from '../urls.ts';

const READ = [{ contents: 'read' }];
const WRITE = [{ contents: 'write' }];

export const refRoutes: readonly Route[] = [
  repoRoute('GET /git/ref/{ref}', { anyOf: READ }, async (call) => {
    const ref = `refs/${call.params.ref}`;
    const found = (await refsBelow(call, ref)).find((each) => each.ref === ref);
    if (found === undefined) throw notFound();
    return ok(showRef(call, found));
  }),
  repoRoute('GET /git/matching-refs/{ref}', { anyOf: READ }, async (call) => {
    const prefix = `refs/${call.params.ref}`;
    const { items, link } = page(call, await refsBelow(call, prefix));
    return ok(
      items.map((each) => showRef(call, each)),
      { link },
    );
  }),
  repoRoute('POST /git/refs', { anyOf: WRITE }, createRef),
  repoRoute('PATCH /git/refs/{ref}', { anyOf: WRITE }, updateRef),
  repoRoute('DELETE /git/refs/{ref}', { anyOf: WRITE }, deleteRef),
];

interface FoundRef {
  readonly ref: string;
  readonly sha: string;
  readonly type: string;
}

/** Refs whose name starts with the prefix, which need not end at a slash. */
async function refsBelow(call: RepoCall, prefix: string): Promise<FoundRef[]> {
  const all = await listRefs(repoDir(call.core, call.repo), 'refs/');
  return all.filter((each) => each.ref.startsWith(prefix) && !each.ref.startsWith('refs/sim/'));
}

function showRef(call: RepoCall, found: FoundRef) {
  const api = `${repoApi(call.core, call.repo)}/git`;
  return {
    ref: found.ref,
    node_id: nodeId('Ref', `${call.repo.id}:${found.ref}`),
    url: `${api}/${found.ref}`,
    object: { sha: found.sha, type: found.type, url: `${api}/${found.type}s/${found.sha}` },
  };
}

async function createRef(call: RepoCall): Promise<Reply> {
  const { ref, sha } = bodyOf<{ ref: string; sha: string }>(call);
  const { core, repo, actor } = call;
  const dir = repoDir(core, repo);
  if (!/^refs\/[^/]+\/./.test(ref) || /\.\.|[\s~^:?*[\\]|\/$|\.lock$|@\{/.test(ref)) {
    throw invalid('Reference name is invalid');
  }
  if (!/^refs\/(heads|tags)\//.test(ref)) throw invalid('Reference cannot be created');
  const type = await objectType(dir, sha);
  if (type === null) throw invalid('Object does not exist');
  if (type !== 'commit' && ref.startsWith('refs/heads/')) throw invalid('Object is not a commit');
  if ((await readRef(dir, ref)) !== null) throw invalid('Reference already exists');
  await moveRef(core, { repo, ref, before: null, after: sha, actor });
  return created(showRef(call, { ref, sha, type }));
}

async function updateRef(call: RepoCall): Promise<Reply> {
  const { sha, force } = bodyOf<{ sha: string; force?: boolean }>(call);
  const { core, repo, actor } = call;
  const dir = repoDir(core, repo);
  const ref = `refs/${call.params.ref}`;
  const before = await readRef(dir, ref);
  if (before === null) throw invalid('Reference does not exist');
  const type = await objectType(dir, sha);
  if (type === null) throw invalid('Object does not exist');
  if (force !== true && !(await isAncestor(dir, before, sha))) {
    throw invalid('Update is not a fast forward');
  }
  await moveRef(core, { repo, ref, before, after: sha, actor });
  return ok(showRef(call, { ref, sha, type }));
}

async function deleteRef(call: RepoCall): Promise<Reply> {
  const { core, repo, actor } = call;
  const ref = `refs/${call.params.ref}`;
  const before = await readRef(repoDir(core, repo), ref);
  if (before === null || !/^refs\/(heads|tags)\//.test(ref)) {
    throw invalid('Reference does not exist');
  }
  if (ref === `refs/heads/${repo.defaultBranch}`) {
    throw invalid('Cannot delete the default branch');
  }
  await moveRef(core, { repo, ref, before, after: null, actor });
  return noContent;
}
