/** Files and folders at a commit. */
import { repoDir } from '../core.ts';
import { notFound } from '../errors.ts';
import { entryAt, listTree, readBlob, resolveCommit, type TreeEntry } from '../git/read.ts';
import { ok, type Reply, type RepoCall, type Route, repoRoute } from '../http/route.ts';
import { repoApi, repoPage } from '../present/repositories.ts';

/** Larger files have no content in JSON; only the raw media type carries them. */
const JSON_BYTES_MAX = 1_048_576;
/** GitHub's limit of entries in a folder listing. */
const ENTRIES_MAX = 1_000;

export const contentRoutes: readonly Route[] = [
  repoRoute('GET /contents/{path}', { anyOf: [{ contents: 'read' }] }, getContent),
];

async function getContent(call: RepoCall): Promise<Reply> {
  const { core, repo } = call;
  const dir = repoDir(core, repo);
  const ref = call.query.get('ref') ?? repo.defaultBranch;
  const sha = await resolveCommit(dir, ref);
  if (sha === null && call.query.has('ref')) throw notFound(`No commit found for the ref ${ref}`);
  if (sha === null) throw notFound('This repository is empty.');
  const path = (call.params.path ?? '').replace(/^\/+|\/+$/g, '');
  const entry = await entryAt(dir, sha, path);
  if (entry === null) throw notFound();
  if (entry.type === 'tree') return listFolder(call, { entry, ref });
  return showFile(call, { entry, ref });
}

async function listFolder(call: RepoCall, at: { entry: TreeEntry; ref: string }): Promise<Reply> {
  const { entry, ref } = at;
  const children = await listTree(repoDir(call.core, call.repo), entry.sha);
  const prefix = entry.path === '' ? '' : `${entry.path}/`;
  const shown = children
    .slice(0, ENTRIES_MAX)
    .map((child) => showEntry(call, { entry: { ...child, path: `${prefix}${child.path}` }, ref }));
  if (!call.accept.includes('application/vnd.github.object')) return ok(shown);
  return ok({ ...showEntry(call, at), entries: shown });
}

async function showFile(call: RepoCall, at: { entry: TreeEntry; ref: string }): Promise<Reply> {
  const { entry } = at;
  const bytes =
    entry.type === 'blob'
      ? await readBlob(repoDir(call.core, call.repo), entry.sha)
      : Buffer.alloc(0);
  if (/application\/vnd\.github\.(v3\.)?raw/.test(call.accept)) {
    return { status: 200, raw: { bytes, type: 'application/vnd.github.raw; charset=utf-8' } };
  }
  const isLarge = bytes.length > JSON_BYTES_MAX;
  const content = isLarge ? '' : wrap(bytes.toString('base64'));
  return ok({ ...showEntry(call, at), content, encoding: isLarge ? 'none' : 'base64' });
}

/** GitHub breaks base64 after 60 characters. */
function wrap(text: string): string {
  return text.replace(/.{1,60}/g, '$&\n');
}

function showEntry(call: RepoCall, at: { entry: TreeEntry; ref: string }) {
  const { entry, ref } = at;
  const api = repoApi(call.core, call.repo);
  const pageBase = repoPage(call.core, call.repo);
  const path = entry.path.split('/').map(encodeURIComponent).join('/');
  const isFolder = entry.type === 'tree';
  const kind = typeOf(entry);
  const self = `${api}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const git = `${api}/git/${isFolder ? 'trees' : 'blobs'}/${entry.sha}`;
  const html = `${pageBase}/${isFolder ? 'tree' : 'blob'}/${ref}/${path}`;
  return {
    type: kind,
    name: entry.path.split('/').at(-1) ?? '',
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url: self,
    html_url: html,
    git_url: git,
    download_url: kind === 'file' ? `${pageBase}/raw/${ref}/${path}` : null,
    _links: { self, git, html },
  };
}

function typeOf(entry: TreeEntry): 'dir' | 'submodule' | 'symlink' | 'file' {
  if (entry.type === 'tree') return 'dir';
  if (entry.type === 'commit') return 'submodule';
  return entry.mode === '120000' ? 'symlink' : 'file';
}
