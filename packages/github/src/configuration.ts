/**
 * A repository's configuration files at one ref.
 *
 * Costs one conditional request while nothing changed: the root tree by name; and none at all for a
 * commit that was read before. Everything below a name is addressed by content, so that what was
 * read once is never asked for again while the cache holds it, and stays the same object while this
 * process remembers it.
 */
import { createHash } from 'node:crypto';
import { isCommitSha, type RepositoryKey } from '@gatehouse/model';
import type { ConfigurationFile, ConfigurationFiles, UnreadableFile } from '@gatehouse/ports';
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
/** Of all files together: whoever proposes a change says how much there is to read and keep. */
const allBytesMax = 8 * 1024 * 1024;
const readAtOnce = 6;
/** The longest text that is kept; a tree of many other files can be longer. */
const keptCharsMax = 1024 * 1024;
const contentTtlMs = 24 * 60 * 60 * 1000;
const symbolicLink = '120000';

const TreeEntry = z.object({
  path: z.string(),
  mode: z.string(),
  type: z.string(),
  sha: z.string(),
  size: z.number().optional(),
});
type TreeEntry = z.infer<typeof TreeEntry>;

const Tree = z.object({ truncated: z.boolean(), tree: z.array(TreeEntry) });
type Tree = z.infer<typeof Tree>;

const Listing = z.object({
  /** The files that are the configuration, sorted by path. */
  files: z.array(TreeEntry),
  unreadable: z.array(z.object({ path: z.string(), complaint: z.string() })),
});
type Listing = z.infer<typeof Listing>;

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
  const { cache, cacheScope: scope, contents } = context;
  const from: Source = { client, repository, cache, scope, contents };
  const listing = isCommitSha(ref)
    ? await listingOfCommit(from, ref)
    : await listingAt(from, ref.replace(/^refs\/(?:heads|tags)\//, ''));
  if (listing === null) return null;
  const { files, unreadable } = listing;
  return {
    repository,
    ref,
    files: await readFiles(from, within(files).read),
    ...(unreadable.length === 0 ? {} : { unreadable }),
    contentHash: hashOf(listing),
  };
}

interface Source {
  readonly client: Client;
  readonly repository: RepositoryKey;
  readonly cache: GitHubContext['cache'];
  readonly scope: string;
  readonly contents: GitHubContext['contents'];
}

/** What a commit holds never changes, so that it is asked for once. */
async function listingOfCommit(from: Source, sha: string): Promise<Listing | null> {
  const name = nameOf(from, `listing:${sha}`);
  const kept = Listing.safeParse(parsedOrNull((await from.cache.get(name)) ?? ''));
  if (kept.success) return kept.data;
  const listing = await listingAt(from, sha);
  const text = listing === null ? '' : JSON.stringify(listing);
  if (text !== '' && text.length <= keptCharsMax) await from.cache.set(name, text, contentTtlMs);
  return listing;
}

async function listingAt(from: Source, ref: string): Promise<Listing | null> {
  const root = await readRoot(from, ref);
  return root === null ? null : judged(await configurationEntries(from, root));
}

async function readFiles(
  from: Source,
  entries: readonly TreeEntry[],
): Promise<readonly ConfigurationFile[]> {
  const files: ConfigurationFile[] = [];
  for (let start = 0; start < entries.length; start += readAtOnce) {
    const batch = entries.slice(start, start + readAtOnce);
    files.push(...(await Promise.all(batch.map((entry) => readFile(from, entry)))));
  }
  return files;
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

/** The files that are the configuration, sorted by path, or what cannot be looked into. */
async function configurationEntries(from: Source, root: Tree): Promise<Listing> {
  for (const { name, type } of configurationNames) {
    const entry = root.tree.find((candidate) => candidate.path === name);
    if (entry === undefined || entry.type !== type || entry.mode === symbolicLink) continue;
    return type === 'blob' ? { files: [entry], unreadable: [] } : filesBelow(from, entry);
  }
  return root.truncated ? unlisted(configurationNames[0].name) : { files: [], unreadable: [] };
}

async function filesBelow(from: Source, directory: TreeEntry): Promise<Listing> {
  const { tree, truncated } = await readTreeBySha(from, directory.sha);
  if (truncated) return unlisted(directory.path);
  const isZuul = !directory.path.startsWith('.gatehouse');
  const ignored = tree
    .filter((entry) => isZuul && entry.path.endsWith(`/${ignoreMark}`))
    .map((entry) => entry.path.slice(0, -ignoreMark.length));
  const files = tree
    .filter((entry) => entry.type === 'blob' && entry.mode !== symbolicLink)
    .filter((entry) => entry.path.endsWith('.yaml'))
    .filter((entry) => !ignored.some((folder) => entry.path.startsWith(folder)))
    .map((entry) => ({ ...entry, path: `${directory.path}/${entry.path}` }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, unreadable: [] };
}

function unlisted(path: string): Listing {
  return { files: [], unreadable: [{ path, complaint: 'is too large to be listed' }] };
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

async function readFile(from: Source, { path, sha }: TreeEntry): Promise<ConfigurationFile> {
  const name = nameOf(from, `blob:${sha}:${path}`);
  const known = from.contents.recall(name);
  if (known !== null) return known;
  const text = await remembered(from, `blob:${sha}`, async () => {
    const parameters = { ...pathOf(from.repository), file_sha: sha };
    const blob = await from.client.readAnew(gitBlob, parameters);
    return Buffer.from(blob.content, blob.encoding === 'base64' ? 'base64' : 'utf8').toString();
  });
  const file = { path, text };
  from.contents.keep(name, file);
  return file;
}

/** Content under its own name: never stale. Kept per repository, whose readers it is for. */
async function remembered(
  from: Source,
  name: string,
  read: () => Promise<string>,
): Promise<string> {
  const key = nameOf(from, name);
  const kept = await from.cache.get(key);
  if (kept !== null) return kept;
  const text = await read();
  if (text.length <= keptCharsMax) await from.cache.set(key, text, contentTtlMs);
  return text;
}

function nameOf(from: Source, name: string): string {
  return `github:content:${from.scope}:${from.repository.toLowerCase()}:${name}`;
}

function isSmall({ size = 0 }: TreeEntry): boolean {
  return size <= fileBytesMax;
}

/** The files that are read, up to the first one that is too much. */
function within(files: readonly TreeEntry[]): Within {
  const small = files.filter(isSmall);
  let bytes = 0;
  for (const [index, { path, size = 0 }] of small.entries()) {
    bytes += size;
    if (index < filesMax && bytes <= allBytesMax) continue;
    const complaint =
      index < filesMax
        ? 'is more than the 8 MiB allowed for all files together'
        : `is one more than the ${filesMax} files allowed`;
    return { read: small.slice(0, index), excess: [{ path, complaint }] };
  }
  return { read: small, excess: [] };
}

interface Within {
  readonly read: readonly TreeEntry[];
  readonly excess: readonly UnreadableFile[];
}

/** The listing with what of its files is too much to be read. */
function judged({ files, unreadable }: Listing): Listing {
  const complaints: UnreadableFile[] = files
    .filter((file) => !isSmall(file))
    .map(({ path }) => ({ path, complaint: 'is larger than 1 MiB' }));
  return { files, unreadable: [...unreadable, ...complaints, ...within(files).excess] };
}

/** Paths and content names say everything that the contents say. */
function hashOf({ files, unreadable }: Listing): string {
  const hash = createHash('sha256');
  for (const entry of files) hash.update(`${entry.path}\0${entry.sha}\n`);
  for (const { path, complaint } of unreadable) hash.update(`${path}\0${complaint}\n`);
  return hash.digest('hex');
}
