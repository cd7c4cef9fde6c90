/** Git objects: commits, trees, blobs; and merging branches. */
import { githubIdentity, identityOf, repoDir } from '../core.ts';
import { mergeBranches } from '../domain/merge.ts';
import { invalid, notFound } from '../errors.ts';
import {
  type Identity,
  listTree,
  objectType,
  readBlob,
  readCommit,
  resolveCommit,
} from '../git/read.ts';
import { git } from '../git/run.ts';
import { commitTree, writeBlob, writeTree } from '../git/write.ts';
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
import { showFullCommit, showGitCommit } from '../present/commits.ts';
import { repoApi } from '../present/repositories.ts';
import { nodeId } from '../urls.ts';

const READ = [{ contents: 'read' }];
const WRITE = [{ contents: 'write' }];
/** Source: GitHub's page on the git trees API. */
const TREE_ENTRIES_MAX = 100_000;

export const gitDataRoutes: readonly Route[] = [
  repoRoute('GET /git/commits/{commit_sha}', { anyOf: READ }, async (call) => {
    const sha = await needObject(call, 'commit_sha', 'commit');
    const commit = await readCommit(repoDir(call.core, call.repo), sha);
    return ok(showGitCommit(call.core, call.repo, commit));
  }),
  repoRoute('POST /git/commits', { anyOf: WRITE }, createCommit),
  repoRoute('GET /git/trees/{tree_sha}', { anyOf: READ }, getTree),
  repoRoute('POST /git/trees', { anyOf: WRITE }, createTree),
  repoRoute('GET /git/blobs/{file_sha}', { anyOf: READ }, getBlob),
  repoRoute('POST /git/blobs', { anyOf: WRITE }, createBlob),
  repoRoute('POST /merges', { anyOf: WRITE }, merge),
];

async function needObject(call: RepoCall, parameter: string, type: string): Promise<string> {
  const sha = call.params[parameter] ?? '';
  const found = await objectType(repoDir(call.core, call.repo), sha);
  if (found !== type) throw notFound();
  return sha;
}

interface CommitRequest {
  readonly message: string;
  readonly tree: string;
  readonly parents?: readonly string[];
  readonly author?: Partial<Identity>;
  readonly committer?: Partial<Identity>;
}

async function createCommit(call: RepoCall): Promise<Reply> {
  const { core, repo, actor } = call;
  const dir = repoDir(core, repo);
  const request = bodyOf<CommitRequest>(call);
  if ((await objectType(dir, request.tree)) !== 'tree') throw invalid('Tree SHA does not exist');
  for (const parent of request.parents ?? []) {
    if ((await objectType(dir, parent)) !== 'commit') {
      throw invalid('Parent SHA does not exist or is not a commit object');
    }
  }
  const author = { ...identityOf(core, actor), ...request.author };
  const committer = { ...author, ...request.committer };
  const sha = await commitTree(dir, {
    tree: request.tree,
    parents: request.parents ?? [],
    message: request.message,
    author,
    committer: request.author === undefined ? githubIdentity(core) : committer,
  });
  return created(showGitCommit(core, repo, await readCommit(dir, sha)));
}

async function getTree(call: RepoCall): Promise<Reply> {
  const { core, repo } = call;
  const dir = repoDir(core, repo);
  const name = call.params.tree_sha ?? '';
  const isTree = (await objectType(dir, name)) === 'tree';
  const treeish = isTree ? name : await resolveCommit(dir, name);
  if (treeish === null) throw notFound();
  const sha = await git(dir, ['rev-parse', `${treeish}^{tree}`]);
  const entries = await listTree(dir, sha, call.query.has('recursive'));
  const api = `${repoApi(core, repo)}/git`;
  return ok({
    sha,
    url: `${api}/trees/${sha}`,
    tree: entries.slice(0, TREE_ENTRIES_MAX).map((entry) => ({
      path: entry.path,
      mode: entry.mode,
      type: entry.type,
      sha: entry.sha,
      ...(entry.size === null ? {} : { size: entry.size }),
      url: `${api}/${entry.type}s/${entry.sha}`,
    })),
    truncated: entries.length > TREE_ENTRIES_MAX,
  });
}

interface TreeRequest {
  readonly base_tree?: string;
  readonly tree: readonly {
    readonly path?: string;
    readonly mode?: string;
    readonly sha?: string | null;
    readonly content?: string;
  }[];
}

async function createTree(call: RepoCall): Promise<Reply> {
  const { core, repo } = call;
  const dir = repoDir(core, repo);
  const request = bodyOf<TreeRequest>(call);
  const base = request.base_tree;
  if (base !== undefined && (await objectType(dir, base)) === null) {
    throw invalid('base_tree is not a valid tree oid');
  }
  const entries = [];
  for (const entry of request.tree) {
    const path = entry.path ?? '';
    if (path === '' || path.startsWith('/') || path.split('/').includes('..')) {
      throw invalid('tree.path contains a malformed path component');
    }
    const content = entry.content;
    const sha = content === undefined ? entry.sha : await writeBlob(dir, Buffer.from(content));
    if (sha === undefined) throw invalid('Must supply a valid tree.sha or tree.content');
    if (sha !== null && (await objectType(dir, sha)) === null) {
      throw invalid(`tree.sha ${sha} is not a valid blob`);
    }
    entries.push({ path, mode: entry.mode ?? '100644', sha });
  }
  const tree = await writeTree(dir, base ?? null, entries);
  return {
    ...(await getTree({ ...call, params: { ...call.params, tree_sha: tree } })),
    status: 201,
  };
}

async function getBlob(call: RepoCall): Promise<Reply> {
  const { core, repo } = call;
  const sha = await needObject(call, 'file_sha', 'blob');
  const bytes = await readBlob(repoDir(core, repo), sha);
  if (/application\/vnd\.github\.(v3\.)?raw/.test(call.accept)) {
    return { status: 200, raw: { bytes, type: 'application/vnd.github.raw; charset=utf-8' } };
  }
  return ok({
    sha,
    node_id: nodeId('Blob', `${repo.id}:${sha}`),
    size: bytes.length,
    url: `${repoApi(core, repo)}/git/blobs/${sha}`,
    content: bytes.toString('base64').replace(/.{1,60}/g, '$&\n'),
    encoding: 'base64',
  });
}

async function createBlob(call: RepoCall): Promise<Reply> {
  const { content, encoding } = bodyOf<{ content: string; encoding?: string }>(call);
  const bytes = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8');
  const sha = await writeBlob(repoDir(call.core, call.repo), bytes);
  return created({ sha, url: `${repoApi(call.core, call.repo)}/git/blobs/${sha}` });
}

async function merge(call: RepoCall): Promise<Reply> {
  const { core, repo, actor, caller } = call;
  const request = bodyOf<{ base: string; head: string; commit_message?: string }>(call);
  const sha = await mergeBranches(core, repo, {
    base: request.base,
    head: request.head,
    message: request.commit_message,
    user: actor,
    mayTouchWorkflows: caller.kind !== 'installation' || caller.permissions.workflows === 'write',
  });
  return sha === null ? noContent : created(await showFullCommit(core, repo, sha));
}
