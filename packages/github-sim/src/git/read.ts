/** Reading facts out of a bare repository. Every function takes the repository's folder first. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gitFact, gitFactText } from './facts.ts';
import { git, tryGit } from './run.ts';

export const ZERO_SHA = '0'.repeat(40);
const SHA = /^[0-9a-f]{40}$/;

export interface Identity {
  readonly name: string;
  readonly email: string;
  /** ISO 8601 in UTC. */
  readonly date: string;
}

export interface CommitInfo {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Identity;
  readonly committer: Identity;
  readonly message: string;
}

export interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size: number | null;
  readonly path: string;
}

/** The commit that a name means: full ref, branch, tag or (short) sha. null when there is none. */
export async function resolveCommit(dir: string, name: string): Promise<string | null> {
  if (name === '' || name.startsWith('-') || /[\s~^:?*[\\]|\.\.|@\{/.test(name)) return null;
  if (SHA.test(name)) return peel(dir, name);
  for (const ref of [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name]) {
    if (!ref.startsWith('refs/')) continue;
    const sha = await readRef(dir, ref);
    if (sha !== null) return peel(dir, sha);
  }
  if (name === 'HEAD' || /^[0-9a-f]{4,40}$/.test(name)) return peel(dir, name);
  return null;
}

/** The commit behind an annotated tag or a short id. */
async function peel(dir: string, name: string): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', `${name}^{commit}`];
  const output = SHA.test(name) ? await gitFact(dir, args) : await tryGit(dir, args);
  return output.code === 0 ? output.stdout.toString('utf8').trim() : null;
}

/**
 * The object id that a full ref points to; null when the ref is missing. Nothing here packs refs,
 * so the ref's own file nearly always answers, and git is asked only when it does not.
 */
export async function readRef(dir: string, ref: string): Promise<string | null> {
  if (/^refs\/[\w./-]+$/.test(ref) && !ref.includes('..')) {
    const text = await readFile(join(dir, ref), 'utf8').catch(() => '');
    if (SHA.test(text.trim())) return text.trim();
  }
  const output = await tryGit(dir, ['rev-parse', '--verify', '--quiet', ref]);
  return output.code === 0 ? output.stdout.toString('utf8').trim() : null;
}

/** Every ref below `prefix` (for example `refs/heads/`), sorted by name. */
export async function listRefs(
  dir: string,
  prefix = 'refs/',
): Promise<readonly { ref: string; sha: string; type: string }[]> {
  const format = '%(refname) %(objectname) %(objecttype)';
  const text = await git(dir, ['for-each-ref', `--format=${format}`, prefix.replace(/\/$/, '')]);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [ref = '', sha = '', type = ''] = line.split(' ');
      return { ref, sha, type };
    });
}

/** Kind of an object; null when the repository does not have it. */
export async function objectType(dir: string, sha: string): Promise<string | null> {
  if (!SHA.test(sha)) return null;
  const output = await gitFact(dir, ['cat-file', '-t', sha]);
  return output.code === 0 ? output.stdout.toString('utf8').trim() : null;
}

const FORMAT = ['%H', '%T', '%P', '%an', '%ae', '%at', '%cn', '%ce', '%ct', '%B'].join('%x00');

/** Commits by `git log`, newest first. */
export async function logCommits(
  dir: string,
  args: readonly string[],
): Promise<readonly CommitInfo[]> {
  const all = ['log', '-z', `--format=format:${FORMAT}%x01`, ...args, '--'];
  const isFact = args.every((arg) => arg.startsWith('-') || /^[0-9a-f.]{40,}$/.test(arg));
  const text = isFact ? await gitFactText(dir, all) : await git(dir, all);
  return text
    .split('\u0001')
    .map((block) => block.replace(/^\0/, ''))
    .filter((block) => block !== '')
    .map(parseCommit);
}

function parseCommit(block: string): CommitInfo {
  const [sha = '', tree = '', parents = '', an = '', ae = '', at, cn = '', ce = '', ct, ...rest] =
    block.split('\0');
  return {
    sha,
    tree,
    parents: parents.split(' ').filter((parent) => parent !== ''),
    author: { name: an, email: ae, date: isoDate(Number(at)) },
    committer: { name: cn, email: ce, date: isoDate(Number(ct)) },
    message: rest.join('\0').replace(/\n+$/, ''),
  };
}

function isoDate(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** One commit. @throws GitError when the repository does not have it. */
export async function readCommit(dir: string, sha: string): Promise<CommitInfo> {
  const [commit] = await logCommits(dir, ['-1', sha]);
  if (commit === undefined) throw new Error(`no commit ${sha} in ${dir}`);
  return commit;
}

/** Entries of a tree, with sizes of blobs. */
export async function listTree(
  dir: string,
  treeish: string,
  isRecursive = false,
): Promise<readonly TreeEntry[]> {
  const flags = isRecursive ? ['-r', '-t'] : [];
  const text = await git(dir, ['ls-tree', '-z', '-l', ...flags, treeish]);
  return text
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', type = '', sha = '', size = '-'] = line.slice(0, tab).split(/ +/);
      return {
        mode,
        type,
        sha,
        size: size === '-' ? null : Number(size),
        path: line.slice(tab + 1),
      };
    });
}

/** The object at `path` of a commit, by its full id; null when nothing is there. */
export async function entryAt(
  dir: string,
  commit: string,
  path: string,
): Promise<TreeEntry | null> {
  if (path === '') {
    const sha = await gitFactText(dir, ['rev-parse', `${commit}^{tree}`]);
    return { mode: '040000', type: 'tree', sha, size: null, path: '' };
  }
  const text = await gitFactText(dir, ['ls-tree', '-z', '-l', commit, '--', `:(literal)${path}`]);
  const line = text.split('\0')[0] ?? '';
  if (line === '') return null;
  const tab = line.indexOf('\t');
  const [mode = '', type = '', sha = '', size = '-'] = line.slice(0, tab).split(/ +/);
  return { mode, type, sha, size: size === '-' ? null : Number(size), path };
}

/** Bytes of a blob. */
export async function readBlob(dir: string, sha: string): Promise<Buffer> {
  const output = await gitFact(dir, ['cat-file', 'blob', sha]);
  if (output.code !== 0) throw new Error(`no blob ${sha} in ${dir}`);
  return output.stdout;
}

/** The best common ancestor of two full ids; null for unrelated histories. */
export async function mergeBase(dir: string, a: string, b: string): Promise<string | null> {
  const output = await gitFact(dir, ['merge-base', a, b]);
  return output.code === 0 ? output.stdout.toString('utf8').trim() : null;
}

/** True when `ancestor` is reachable from `descendant` (or equal to it). */
export async function isAncestor(
  dir: string,
  ancestor: string,
  descendant: string,
): Promise<boolean> {
  const output = await gitFact(dir, ['merge-base', '--is-ancestor', ancestor, descendant]);
  return output.code === 0;
}

/** Number of commits in a range `a..b` of full ids. */
export async function countCommits(dir: string, range: string): Promise<number> {
  return Number(await gitFactText(dir, ['rev-list', '--count', range]));
}
