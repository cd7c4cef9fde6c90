/** Making objects and moving refs in a bare repository. */
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileChange, FileChanges } from '../actions/types.ts';
import type { Identity } from './read.ts';
import { GitError, git, tryGit } from './run.ts';

const CONFIGURATION = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\tlogAllRefUpdates = false
[gc]
\tauto = 0
[receive]
\tdenyDeleteCurrent = ignore
[transfer]
\thideRefs = refs/sim
[uploadpack]
\tallowAnySHA1InWant = true
\tallowFilter = true
`;

/**
 * Makes a bare repository that serves any reachable commit, as GitHub does. The files are those
 * that `git init` makes; writing them saves a process per repository.
 */
export async function initRepository(dir: string, defaultBranch: string): Promise<void> {
  for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags']) {
    await mkdir(join(dir, folder), { recursive: true });
  }
  await writeFile(join(dir, 'config'), CONFIGURATION);
  await writeFile(join(dir, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`);
}

/** Copies objects and refs of another repository on this machine. */
export async function fetchRefs(
  dir: string,
  from: string,
  refspecs: readonly string[],
): Promise<void> {
  await git(dir, ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', from, ...refspecs]);
}

/** Moves, makes (`before` null) or deletes (`after` null) a ref, if it still stands at `before`. */
export async function updateRef(
  dir: string,
  ref: string,
  move: { before: string | null; after: string | null },
): Promise<boolean> {
  const zero = '0'.repeat(40);
  const args =
    move.after === null
      ? ['update-ref', '-d', ref, move.before ?? zero]
      : ['update-ref', ref, move.after, move.before ?? zero];
  const output = await tryGit(dir, args);
  if (output.code === 0) return true;
  if (/cannot lock ref|reference already exists|is at|unable to resolve/.test(output.stderr)) {
    return false;
  }
  throw new GitError(args, output);
}

/** Points a ref anywhere, whatever it was. */
export async function forceRef(dir: string, ref: string, sha: string): Promise<void> {
  await git(dir, ['update-ref', ref, sha]);
}

/** Where a commit of files goes. */
export interface FileCommit {
  /** null makes a root commit. */
  readonly parent: string | null;
  readonly files: FileChanges;
  readonly message: string;
  readonly author: Identity;
  readonly committer: Identity;
}

/** Makes a commit that changes files; moves no branch. Returns its sha. */
export async function commitFiles(dir: string, commit: FileCommit): Promise<string> {
  const ref = `refs/sim/${randomUUID()}`;
  const parts: Buffer[] = [];
  const line = (text: string) => parts.push(Buffer.from(`${text}\n`));
  const data = (bytes: Buffer) => {
    line(`data ${bytes.length}`);
    parts.push(bytes, Buffer.from('\n'));
  };
  line(`commit ${ref}`);
  line('mark :1');
  line(`author ${stamp(commit.author)}`);
  line(`committer ${stamp(commit.committer)}`);
  data(Buffer.from(commit.message));
  if (commit.parent !== null) line(`from ${commit.parent}`);
  for (const [path, change] of Object.entries(commit.files)) {
    if (change === null) {
      line(`D ${quotePath(path)}`);
      continue;
    }
    const bytes = bytesOf(change);
    line(`M ${modeOf(change, bytes)} inline ${quotePath(path)}`);
    data(bytes);
  }
  line('get-mark :1');
  line('done');
  const args = ['fast-import', '--quiet', '--done', '--date-format=raw', '--cat-blob-fd=1'];
  const sha = await git(dir, args, { input: Buffer.concat(parts) });
  await rm(join(dir, ref));
  return sha.trim();
}

function stamp(identity: Identity): string {
  const clean = (text: string) => text.replace(/[<>\n]/g, '');
  const seconds = Math.floor(Date.parse(identity.date) / 1000);
  return `${clean(identity.name)} <${clean(identity.email)}> ${seconds} +0000`;
}

function quotePath(path: string): string {
  return `"${path.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}

function bytesOf(change: Exclude<FileChange, null>): Buffer {
  if (typeof change === 'string') return Buffer.from(change);
  return Buffer.from(change.content, change.encoding ?? 'utf8');
}

function modeOf(change: Exclude<FileChange, null>, bytes: Buffer): string {
  const isScript = bytes.subarray(0, 2).toString('latin1') === '#!';
  const isExecutable = typeof change === 'string' ? isScript : (change.executable ?? isScript);
  return isExecutable ? '100755' : '100644';
}

/** Makes a commit of a tree; moves no branch. Returns its sha. */
export async function commitTree(
  dir: string,
  commit: {
    tree: string;
    parents: readonly string[];
    message: string;
    author: Identity;
    committer: Identity;
  },
): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  const env = {
    GIT_AUTHOR_NAME: commit.author.name,
    GIT_AUTHOR_EMAIL: commit.author.email,
    GIT_AUTHOR_DATE: commit.author.date,
    GIT_COMMITTER_NAME: commit.committer.name,
    GIT_COMMITTER_EMAIL: commit.committer.email,
    GIT_COMMITTER_DATE: commit.committer.date,
  };
  const input = commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`;
  return git(dir, ['commit-tree', commit.tree, ...parents, '-F', '-'], { input, env });
}

/** Stores a blob and returns its sha. */
export function writeBlob(dir: string, bytes: Buffer): Promise<string> {
  return git(dir, ['hash-object', '-w', '--stdin'], { input: bytes });
}

/** Makes a tree from a base tree and changed entries (`sha` null removes). */
export async function writeTree(
  dir: string,
  baseTree: string | null,
  entries: readonly { path: string; mode: string; sha: string | null }[],
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'github-sim-'));
  const env = { GIT_INDEX_FILE: join(folder, 'index') };
  try {
    await git(dir, ['read-tree', baseTree ?? '--empty'], { env });
    for (const entry of entries) {
      if (entry.mode !== '040000' || entry.sha === null) continue;
      await git(dir, ['read-tree', `--prefix=${entry.path}/`, entry.sha], { env });
    }
    const lines = entries
      .filter((entry) => entry.mode !== '040000' || entry.sha === null)
      .map((entry) =>
        entry.sha === null
          ? `0 ${'0'.repeat(40)}\t${entry.path}\0`
          : `${entry.mode} ${entry.sha}\t${entry.path}\0`,
      );
    await git(dir, ['update-index', '-z', '--index-info'], { env, input: lines.join('') });
    return await git(dir, ['write-tree'], { env });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
