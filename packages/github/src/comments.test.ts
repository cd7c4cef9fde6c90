import { expect, test } from 'vitest';
import { api, createHarness } from './test/harness.ts';
import { startStubGitHub } from './test/stub-github.ts';

const list = 'GET /repos/acme/api/issues/7/comments';
const create = 'POST /repos/acme/api/issues/7/comments';
const edit = 'PATCH /repos/acme/api/issues/comments/31';
const marker = '<!-- gatehouse:check -->';
const us = { login: 'gatehouse[bot]', type: 'Bot' };

test('the first comment is created with its marker at the end, the second edits it', async () => {
  await using stub = await startStubGitHub();
  stub.on(list, { body: [{ id: 30, body: `me too ${marker}`, user: { login: 'eve' } }] });
  stub.on(create, { status: 201, body: { id: 31, body: '' } });
  stub.on(edit, { body: { id: 31 } });
  const { github } = createHarness({ apiUrl: stub.url });

  await github.writeComment(api, 7, { marker, text: 'queued' });
  await github.writeComment(api, 7, { marker, text: 'done' });

  expect(stub.asked(create)[0]?.body).toEqual({ body: `queued\n\n${marker}` });
  expect(stub.asked(edit)[0]?.body).toEqual({ body: `done\n\n${marker}` });
  expect(stub.asked(list)).toHaveLength(1);
});

test('a comment whose place was forgotten is found by its marker', async () => {
  await using stub = await startStubGitHub();
  stub.on(list, { body: [{ id: 31, body: `queued\r\n\r\n${marker}`, user: us }] });
  stub.on(edit, { body: { id: 31 } });
  const { github } = createHarness({ apiUrl: stub.url });

  await github.writeComment(api, 7, { marker, text: 'done' });

  expect(stub.asked(edit)).toHaveLength(1);
});

test('a comment that says it already is left alone', async () => {
  await using stub = await startStubGitHub();
  stub.on(list, { body: [{ id: 31, body: `done\r\n\r\n${marker}`, user: us }] });
  const { github } = createHarness({ apiUrl: stub.url });

  await github.writeComment(api, 7, { marker, text: 'done' });

  expect(stub.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
});

test('a comment that somebody deleted is created anew', async () => {
  await using stub = await startStubGitHub();
  stub.on(list, { body: [] });
  stub.on(create, { status: 201, body: { id: 31 } });
  const { github } = createHarness({ apiUrl: stub.url });
  await github.writeComment(api, 7, { marker, text: 'queued' });

  await github.writeComment(api, 7, { marker, text: 'done' });

  expect(stub.asked(create)).toHaveLength(2);
});

test('of two comments with the marker one is taken away', async () => {
  await using stub = await startStubGitHub();
  const twice = [31, 32].map((id) => ({ id, body: `done\n\n${marker}`, user: us }));
  stub.on(list, { body: twice });
  stub.on('DELETE /repos/acme/api/issues/comments/32', { status: 204 });
  const { github } = createHarness({ apiUrl: stub.url });

  await github.writeComment(api, 7, { marker, text: 'done' });

  expect(stub.asked('DELETE /repos/acme/api/issues/comments/32')).toHaveLength(1);
});
