import { expect, test } from 'vitest';
import { fakeSha, pullBody, repositoryBody } from './test/bodies.ts';
import { api, createHarness } from './test/harness.ts';
import { startStubGitHub } from './test/stub-github.ts';

const pull = 'GET /repos/acme/api/pulls/7';

test('a change is read with one request once the App is known there', async () => {
  await using stub = await startStubGitHub();
  stub.on(pull, { body: pullBody() });
  const { github, observed } = createHarness({ apiUrl: stub.url });
  await github.readChange(api, 7);
  observed.length = 0;

  const change = await github.readChange(api, 7);

  expect(change).toEqual({
    kind: 'proposed',
    repository: 'acme/api',
    isRepositoryPublic: true,
    defaultBranch: 'main',
    number: 7,
    url: 'https://github.example/acme/api/pull/7',
    title: 'Add a door',
    author: 'ada',
    baseRef: 'main',
    baseSha: fakeSha('base'),
    headSha: fakeSha('head'),
    headRef: 'door',
    isHeadInBase: true,
    isOpen: true,
    isMerged: false,
    isDraft: false,
    labels: ['gate'],
  });
  expect(observed.map(({ method, route }) => `${method} ${route}`)).toEqual([
    'GET /repos/{owner}/{repo}/pulls/{pull_number}',
  ]);
});

test('a change from a fork that was deleted is read as one from outside', async () => {
  await using stub = await startStubGitHub();
  const head = { ref: 'door', sha: fakeSha('head'), repo: null };
  stub.on(pull, { body: pullBody({ head, user: null }) });
  const { github } = createHarness({ apiUrl: stub.url });

  const change = await github.readChange(api, 7);

  expect(change).toMatchObject({ isHeadInBase: false, author: 'ghost' });
});

test('an internal repository is not public', async () => {
  await using stub = await startStubGitHub();
  const base = {
    ref: 'main',
    sha: fakeSha('base'),
    repo: repositoryBody({ private: true, visibility: 'internal' }),
  };
  stub.on(pull, { body: pullBody({ base }) });
  const { github } = createHarness({ apiUrl: stub.url });

  const change = await github.readChange(api, 7);

  expect(change?.isRepositoryPublic).toBe(false);
});

test('a change that does not exist, or where the App is not installed, is null', async () => {
  await using stub = await startStubGitHub();
  const { github } = createHarness({ apiUrl: stub.url });

  const missing = await github.readChange(api, 404);
  stub.on('GET /repos/acme/api/installation', { status: 404, body: { message: 'Not Found' } });
  const elsewhere = await createHarness({ apiUrl: stub.url }).github.readChange(api, 7);

  expect([missing, elsewhere]).toEqual([null, null]);
});

test('the head of a fork is found among the changes that moved last', async () => {
  await using stub = await startStubGitHub();
  const head = fakeSha('fork');
  stub.on(`GET /repos/acme/api/commits/${head}/pulls`, { body: [] });
  stub.on('GET /repos/acme/api/pulls', {
    body: [
      { number: 9, state: 'open', head: { sha: fakeSha('other') } },
      { number: 8, state: 'open', head: { sha: head } },
      { number: 5, state: 'open', head: { sha: head } },
    ],
  });
  const { github } = createHarness({ apiUrl: stub.url });

  const numbers = await github.findChangesByHead(api, head);

  expect(numbers).toEqual([5, 8]);
});

test('a commit that is deep in a change is not its head', async () => {
  await using stub = await startStubGitHub();
  const sha = fakeSha('middle');
  stub.on(`GET /repos/acme/api/commits/${sha}/pulls`, {
    body: [{ number: 7, state: 'open', head: { sha: fakeSha('head') } }],
  });
  stub.on('GET /repos/acme/api/pulls', { body: [] });
  const { github } = createHarness({ apiUrl: stub.url });

  const numbers = await github.findChangesByHead(api, sha);

  expect(numbers).toEqual([]);
});

test('files are read page by page, a renamed one under both names', async () => {
  await using stub = await startStubGitHub();
  stub.on(pull, { body: pullBody() });
  stub.on('GET /repos/acme/api/pulls/7/files', (request, url) =>
    request.path.includes('page=2')
      ? { body: [{ filename: 'b.ts', previous_filename: 'a.ts' }] }
      : {
          body: [{ filename: 'z.ts' }],
          headers: {
            link: `<${url}/repositories/77/pulls/7/files?per_page=100&page=2>; rel="next"`,
          },
        },
  );
  const { github } = createHarness({ apiUrl: stub.url });

  const files = await github.readChangedFiles(api, 7);

  expect(files).toEqual(['a.ts', 'b.ts', 'z.ts']);
});

test('a change of more files than GitHub lists has no list', async () => {
  await using stub = await startStubGitHub();
  stub.on(pull, { body: pullBody({ changed_files: 3001 }) });
  const { github } = createHarness({ apiUrl: stub.url });

  const files = await github.readChangedFiles(api, 7);

  expect(files).toBeNull();
});
