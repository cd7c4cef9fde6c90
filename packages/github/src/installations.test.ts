import { expect, test } from 'vitest';
import { repositoryBody } from './test/bodies.ts';
import { api, createHarness } from './test/harness.ts';
import { type StubGitHub, startStubGitHub } from './test/stub-github.ts';

const search = 'GET /repos/acme/api/installation';
const notInstalled = { status: 404, body: { message: 'Not Found' } };

test('a search from before an installation is not joined after it', async () => {
  await using stub = await startStubGitHub();
  const { github, held, before } = await beginSearch(stub);

  github.forgetAccount('Acme');
  const after = github.readRepository(api);
  held.answer(notInstalled);

  expect(await before).toBeNull();
  expect(await after).toMatchObject({ repository: 'acme/api' });
});

test('what a search from before an installation did not find is not remembered', async () => {
  await using stub = await startStubGitHub();
  const { github, held, before } = await beginSearch(stub);

  github.forgetAccount('acme');
  held.answer(notInstalled);
  await before;

  expect(await github.readRepository(api)).toMatchObject({ repository: 'acme/api' });
});

test('an installation that a search from before its removal found is not remembered', async () => {
  await using stub = await startStubGitHub();
  const { github, held, before } = await beginSearch(stub);

  github.forgetAccount('acme');
  held.answer({ body: { id: 11, suspended_at: null } });
  await before;
  stub.on(search, notInstalled);

  expect(await github.readRepository(api)).toBeNull();
});

test('the end of a forgotten search does not end the one that follows it', async () => {
  await using stub = await startStubGitHub();
  const { github, held: first, before } = await beginSearch(stub);
  github.forgetAccount('acme');
  const second = stub.hold(search);
  const after = github.readRepository(api);
  await second.arrived;

  first.answer(notInstalled);
  await before;
  const joined = github.readRepository(api);
  second.answer({ body: { id: 11, suspended_at: null } });

  expect(await Promise.all([after, joined])).toMatchObject([
    { repository: 'acme/api' },
    { repository: 'acme/api' },
  ]);
  expect(stub.asked(search)).toHaveLength(2);
});

/** A search that has reached GitHub and waits for its answer. */
async function beginSearch(stub: StubGitHub) {
  stub.on('GET /repos/acme/api', { body: repositoryBody() });
  const held = stub.hold(search);
  const { github } = createHarness({ apiUrl: stub.url });
  const before = github.readRepository(api);
  await held.arrived;
  return { github, held, before };
}
