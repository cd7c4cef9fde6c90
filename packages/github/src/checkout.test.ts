import { expect, test } from 'vitest';
import { repositoryBody } from './test/bodies.ts';
import { api, createHarness, systemClock } from './test/harness.ts';
import { startStubGitHub } from './test/stub-github.ts';

const tokens = 'POST /app/installations/11/access_tokens';

test('a checkout gets a token that reads this one repository, and the address to clone', async () => {
  await using stub = await startStubGitHub();
  stub.on('GET /repos/acme/api', { body: repositoryBody() });
  const { github } = createHarness({ apiUrl: stub.url });

  const access = await github.openCheckout(api);

  expect(access.cloneUrl).toBe('https://github.example/acme/api.git');
  expect(access.token).toMatch(/^ghs_1_x{500}\.y\.z$/);
  expect(stub.asked(tokens).at(-1)?.body).toEqual({
    repository_ids: [77],
    permissions: { contents: 'read' },
  });
});

test('a long token is used again while it lives, and replaced before it ends', async () => {
  await using stub = await startStubGitHub();
  stub.on('GET /repos/acme/api', { body: repositoryBody() });
  let now = systemClock.now();
  const { github } = createHarness({ apiUrl: stub.url, clock: { now: () => now } });
  const narrowed = () => stub.asked(tokens).filter(({ body }) => body !== null);

  await github.openCheckout(api);
  await github.openCheckout(api);
  const early = narrowed().length;
  now += 50 * 60 * 1000;
  await github.openCheckout(api);

  expect([early, narrowed().length]).toEqual([1, 2]);
});
