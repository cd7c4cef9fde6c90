/**
 * A repository's configuration files at one ref.
 *
 * Costs one conditional request while nothing changed: the root tree by name. Everything below it
 * is addressed by content, so that what was read once is never asked for again while the cache
 * holds it.
 */
import { createHash } from 'node:crypto';
import { GatehouseError, type RepositoryKey } from '@gatehouse/model';
import type { ConfigurationFiles } from '@gatehouse/ports';
import { z } from 'zod';
import { type GitHubContext, orNull, pathOf } from './context.ts';
import { type Client, resource } from './http/client.ts';
import { statusOf } from './http/errors.ts';
import { parsedOrNull } from './http/response-memory.ts';

/** The names that configuration may have; the first that exists is the whole of it. */
const configurationNames = [
  { name: '.gatehouse.yaml', type: 'blob' },
  { name: '.gatehouse.d', type: 'tree' },
  { name: 'zuul.yaml', type: 'blob' },
  { name: 'zuul.d', type: 'tree' },
  { name: '.zuul.yaml', type: 'blob' },
  { name: '.zuul.d', type: 'tree' },
] as const;

/** A file that keeps Zuul out of the directory it lies in. */
const ignoreMark = '.zuul.ignore';
const fileBytesMax = 1024 * 1024;
const filesMax = 500;
const readAtOnce = 6;
/** The longest text that is kept; a tree of many other files can be longer. */
const keptCharsMax = 1024 * 1024;
const contentTtlMs = 24 * 60 * 60 * 1000;
const symbolicLink = '120000';

const Tree = z.object({
  truncated: z.boolean(),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.string(),
      type: z.string(),
      sha: z.string(),
      size: z.number().optional(),
    }),
  ),
});
type Tree = z.infer<typeof Tree>;
type TreeEntry = Tree['tree'][number];

const gitTree = resource('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', Tree);
const gitBlob = resource(
  'GET /repos/{owner}/{repo}/git/blobs/{file_sha}',
  z.object({ content: z.string(), encoding: z.string() }),
);

export async function readConfiguration(
  context: GitHubContext,
  repository: RepositoryKey,
  ref: string,
): Promise<ConfigurationFiles | null> {
  const client = await context.installations.find(repository);
  if (client === null) return null;
  const from: Source = { client, repository, cache: context.cache, scope: context.cacheScope };
  const root = await readRoot(from, ref.replace(/^refs\/(?:heads|tags)\//, ''));
  if (root === null) return null;
  const entries = await configurationEntries(from, root);
  refuseTooMuch(repository, entries);
  const files: { path: string; text: string }[] = [];
  for (let start = 0; start < entries.length; start += readAtOnce) {
    const batch = entries.slice(start, start + readAtOnce).map(async (entry) => ({
      path: entry.path,
      text: await readText(from, entry),
    }));
    files.push(...(await Promise.all(batch)));
  }
  return { repository, ref, files, contentHash: hashOf(entries) };
}

interface Source {
  readonly client: Client;
  readonly repository: RepositoryKey;
  readonly cache: GitHubContext['cache'];
  readonly scope: string;
}

/** An empty repository (409) has no configuration, which is not the same as no repository. */
async function readRoot(from: Source, ref: string): Promise<Tree | null> {
  try {
    const parameters = { ...pathOf(from.repository), tree_sha: ref };
    return await orNull(from.client.read(gitTree, parameters));
  } catch (error) {
    if (statusOf(error) === 409) return { truncated: false, tree: [] };
    if (statusOf(error) === 422) return null; // no such object
    throw error;
  }
}

/** The files that are the configuration, sorted by path. */
async function configurationEntries(from: Source, root: Tree): Promise<readonly TreeEntry[]> {
  for (const { name, type } of configurationNames) {
    const entry = root.tree.find((candidate) => candidate.path === name);
    if (entry === undefined || entry.type !== type || entry.mode === symbolicLink) continue;
    return type === 'blob' ? [entry] : filesBelow(from, entry);
  }
  if (root.truncated) throw tooMuch(from.repository, '/', 'is too large to be listed');
  return [];
}

async function filesBelow(from: Source, directory: TreeEntry): Promise<readonly TreeEntry[]> {
  const { tree, truncated } = await readTreeBySha(from, directory.sha);
  if (truncated) throw tooMuch(from.repository, directory.path, 'is too large to be listed');
  const isZuul = !directory.path.startsWith('.gatehouse');
  const ignored = tree
    .filter((entry) => isZuul && entry.path.endsWith(`/${ignoreMark}`))
    .map((entry) => entry.path.slice(0, -ignoreMark.length));
  return tree
    .filter((entry) => entry.type === 'blob' && entry.mode !== symbolicLink)
    .filter((entry) => entry.path.endsWith('.yaml'))
    .filter((entry) => !ignored.some((folder) => entry.path.startsWith(folder)))
    .map((entry) => ({ ...entry, path: `${directory.path}/${entry.path}` }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function readTreeBySha(from: Source, sha: string): Promise<Tree> {
  const read = async (): Promise<Tree> => {
    const parameters = { ...pathOf(from.repository), tree_sha: sha, recursive: '1' };
    return from.client.readAnew(gitTree, parameters);
  };
  const text = await remembered(from, `tree:${sha}`, async () => JSON.stringify(await read()));
  const kept = Tree.safeParse(parsedOrNull(text));
  return kept.success ? kept.data : read();
}

async function readText(from: Source, entry: TreeEntry): Promise<string> {
  return remembered(from, `blob:${entry.sha}`, async () => {
    const parameters = { ...pathOf(from.repository), file_sha: entry.sha };
    const blob = await from.client.readAnew(gitBlob, parameters);
    return Buffer.from(blob.content, blob.encoding === 'base64' ? 'base64' : 'utf8').toString();
  });
}

/** Content under its own name: never stale. Kept per repository, whose readers it is for. */
async function remembered(
  from: Source,
  name: string,
  read: () => Promise<string>,
): Promise<string> {
  const key = `github:content:${from.scope}:${from.repository.toLowerCase()}:${name}`;
  const kept = await from.cache.get(key);
  if (kept !== null) return kept;
  const text = await read();
  if (text.length <= keptCharsMax) await from.cache.set(key, text, contentTtlMs);
  return text;
}

function refuseTooMuch(repository: RepositoryKey, entries: readonly TreeEntry[]): void {
  const large = entries.find((entry) => (entry.size ?? 0) > fileBytesMax);
  if (large !== undefined) throw tooMuch(repository, large.path, 'is larger than 1 MiB');
  const excess = entries[filesMax];
  if (excess !== undefined) {
    throw tooMuch(repository, excess.path, `is one more than the ${filesMax} files allowed`);
  }
}

function tooMuch(repository: RepositoryKey, path: string, complaint: string): GatehouseError {
  return new GatehouseError('GATE_CONFIGURATION_INVALID', `${repository}: ${path} ${complaint}`, {
    details: { repository, path },
  });
}

/** Paths and content names say everything that the contents say. */
function hashOf(entries: readonly TreeEntry[]): string {
  const hash = createHash('sha256');
  for (const entry of entries) hash.update(`${entry.path}\0${entry.sha}\n`);
  return hash.digest('hex');
}
