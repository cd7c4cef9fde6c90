import { expect, test } from 'vitest';
import { fakeSha } from './test/bodies.ts';
import { api, createHarness } from './test/harness.ts';
import { type StubGitHub, startStubGitHub } from './test/stub-github.ts';

/** Path to text; a text of null stands for a file of 2 MiB. */
type Files = Readonly<Record<string, string | null>>;

function shaOf(path: string): string {
  return fakeSha(`content of ${path}`);
}

/** Answers trees of `main` and blobs as GitHub does, with entity tags. */
function serve(stub: StubGitHub, files: Files): void {
  const paths = Object.keys(files);
  const entry = (path: string, text: string | null) => ({
    path,
    mode: '100644',
    type: 'blob',
    sha: shaOf(`${path} ${text}`),
    size: text === null ? 2 * 1024 * 1024 : text.length,
  });
  const folders = new Set(
    paths.filter((path) => path.includes('/')).map((path) => path.slice(0, path.indexOf('/'))),
  );
  const root = [
    ...paths.filter((path) => !path.includes('/')).map((path) => entry(path, files[path] ?? null)),
    ...[...folders].map((path) => ({ path, mode: '040000', type: 'tree', sha: shaOf(path) })),
  ];
  const etag = `"${fakeSha(JSON.stringify(files))}"`;
  stub.on('GET /repos/acme/api/git/trees/main', ({ headers }) =>
    headers['if-none-match'] === etag
      ? { status: 304, headers: { etag } }
      : { body: { sha: fakeSha('root'), truncated: false, tree: root }, headers: { etag } },
  );
  for (const folder of folders) {
    const inside = paths
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => ({
        ...entry(path, files[path] ?? null),
        path: path.slice(folder.length + 1),
      }));
    const body = { sha: shaOf(folder), truncated: false, tree: inside };
    stub.on(`GET /repos/acme/api/git/trees/${shaOf(folder)}`, { body });
    for (const path of paths) serveBlob(stub, path.slice(folder.length + 1), files[path] ?? '');
  }
  for (const path of paths) serveBlob(stub, path, files[path] ?? '');
}

function serveBlob(stub: StubGitHub, path: string, text: string): void {
  const content = Buffer.from(text).toString('base64');
  const body = { content, encoding: 'base64', sha: shaOf(path), size: text.length };
  stub.on(`GET /repos/acme/api/git/blobs/${shaOf(`${path} ${text}`)}`, { body });
}

async function read(stub: StubGitHub, ref = 'main') {
  return createHarness({ apiUrl: stub.url }).github.readConfiguration(api, ref);
}

test('the first name that exists is the whole configuration', async () => {
  await using stub = await startStubGitHub();
  serve(stub, { '.zuul.yaml': 'b', 'zuul.yaml': 'a', 'README.md': 'x' });

  const found = await read(stub);

  expect(found?.files).toEqual([{ path: 'zuul.yaml', text: 'a' }]);
});

test('a folder gives every yaml file below it, sorted by path', async () => {
  await using stub = await startStubGitHub();
  serve(stub, {
    '.gatehouse.d/z.yaml': '1',
    '.gatehouse.d/a/b.yaml': 'grüße',
    '.gatehouse.d/notes.md': '3',
    'zuul.yaml': '4',
  });

  const found = await read(stub);

  expect(found?.files).toEqual([
    { path: '.gatehouse.d/a/b.yaml', text: 'grüße' },
    { path: '.gatehouse.d/z.yaml', text: '1' },
  ]);
});

test("Zuul's folders leave out sub-folders that say so", async () => {
  await using stub = await startStubGitHub();
  serve(stub, {
    'zuul.d/jobs.yaml': '1',
    'zuul.d/old/.zuul.ignore': '',
    'zuul.d/old/deep/jobs.yaml': '2',
    'zuul.d/older.yaml': '3',
  });

  const found = await read(stub);

  expect(found?.files.map(({ path }) => path)).toEqual(['zuul.d/jobs.yaml', 'zuul.d/older.yaml']);
});

test('asking again when nothing changed is one conditional request', async () => {
  await using stub = await startStubGitHub();
  serve(stub, { '.gatehouse.d/a.yaml': '1', '.gatehouse.d/b.yaml': '2' });
  const { github, observed } = createHarness({ apiUrl: stub.url });
  const first = await github.readConfiguration(api, 'main');
  observed.length = 0;

  const second = await github.readConfiguration(api, 'main');

  expect(second).toEqual(first);
  expect(observed).toMatchObject([
    { route: '/repos/{owner}/{repo}/git/trees/{tree_sha}', status: 304 },
  ]);
});

test('the content hash changes exactly when the files do', async () => {
  await using stub = await startStubGitHub();
  serve(stub, { 'zuul.yaml': 'a', 'README.md': 'x' });
  const first = await read(stub);
  serve(stub, { 'zuul.yaml': 'a', 'README.md': 'y' });
  const sameFiles = await read(stub);
  serve(stub, { 'zuul.yaml': 'b', 'README.md': 'y' });
  const otherFiles = await read(stub);

  expect(sameFiles?.contentHash).toBe(first?.contentHash);
  expect(otherFiles?.contentHash).not.toBe(first?.contentHash);
});

test('a repository without configuration has no files, and so has an empty one', async () => {
  await using stub = await startStubGitHub();
  serve(stub, { 'README.md': 'x' });
  const without = await read(stub);
  const empty = { status: 409, body: { message: 'Git Repository is empty.' } };
  stub.on('GET /repos/acme/api/git/trees/main', empty);

  expect(without?.files).toEqual([]);
  expect((await read(stub))?.files).toEqual([]);
});

test('a ref that does not exist is null', async () => {
  await using stub = await startStubGitHub();

  const found = await read(stub, 'gone');

  expect(found).toBeNull();
});

test('a full ref name is read as its branch', async () => {
  await using stub = await startStubGitHub();
  serve(stub, { 'zuul.yaml': 'a' });

  const found = await read(stub, 'refs/heads/main');

  expect(found).toMatchObject({ ref: 'refs/heads/main', files: [{ path: 'zuul.yaml' }] });
});

test('a file that is too large is named, and the others are read', async () => {
  await using stub = await startStubGitHub();
  serve(stub, { 'zuul.d/huge.yaml': null, 'zuul.d/small.yaml': 'a' });

  const found = await read(stub);

  expect(found?.files.map(({ path }) => path)).toEqual(['zuul.d/small.yaml']);
  expect(found?.unreadable).toEqual([
    { path: 'zuul.d/huge.yaml', complaint: 'is larger than 1 MiB' },
  ]);
});

test('one file more than is allowed is named, and no further one is read', async () => {
  await using stub = await startStubGitHub();
  const names = Array.from({ length: 502 }, (_, n) => `zuul.d/${String(n).padStart(3, '0')}.yaml`);
  serve(stub, Object.fromEntries(names.map((name) => [name, ''])));

  const found = await read(stub);

  expect(found?.files).toHaveLength(500);
  expect(found?.unreadable).toMatchObject([{ path: 'zuul.d/500.yaml' }]);
});

test('what is too much for all files together is named, and nothing after it is read', async () => {
  await using stub = await startStubGitHub();
  const text = 'a'.repeat(1024 * 1024);
  const names = Array.from({ length: 10 }, (_, n) => `zuul.d/${n}.yaml`);
  serve(stub, Object.fromEntries(names.map((name) => [name, text])));

  const found = await read(stub);

  expect(found?.files.map(({ path }) => path)).toEqual(names.slice(0, 8));
  expect(found?.unreadable).toEqual([
    { path: 'zuul.d/8.yaml', complaint: 'is more than the 8 MiB allowed for all files together' },
  ]);
});

test('what cannot be listed is said to be unreadable, not to be nothing', async () => {
  await using stub = await startStubGitHub();
  const body = { sha: fakeSha('root'), truncated: true, tree: [] };
  stub.on('GET /repos/acme/api/git/trees/main', { body });

  expect((await read(stub))?.unreadable).toEqual([
    { path: '.gatehouse.yaml', complaint: 'is too large to be listed' },
  ]);
});

test('a commit that was read before costs no request', async () => {
  await using stub = await startStubGitHub();
  serve(stub, { 'zuul.yaml': 'a' });
  const sha = fakeSha('tip');
  const tree = [{ path: 'zuul.yaml', mode: '100644', type: 'blob', sha: shaOf('zuul.yaml a') }];
  stub.on(`GET /repos/acme/api/git/trees/${sha}`, {
    body: { sha: fakeSha('root'), truncated: false, tree },
  });
  const { github, observed } = createHarness({ apiUrl: stub.url });
  const first = await github.readConfiguration(api, sha);
  observed.length = 0;

  const second = await github.readConfiguration(api, sha);

  expect(first?.files).toEqual([{ path: 'zuul.yaml', text: 'a' }]);
  expect(second).toEqual(first);
  expect(observed).toEqual([]);
});

test('a file that did not change is the same object again', async () => {
  await using stub = await startStubGitHub();
  const { github } = createHarness({ apiUrl: stub.url });
  serve(stub, { '.gatehouse.d/a.yaml': '1', 'README.md': 'x' });
  const first = await github.readConfiguration(api, 'main');
  serve(stub, { '.gatehouse.d/a.yaml': '1', 'README.md': 'y' });
  const second = await github.readConfiguration(api, 'main');

  expect(second?.files[0]).toBe(first?.files[0]);
});
