import { expect, test } from 'vitest';
import { readAdminBody } from './admin.ts';

test.each([
  { repository: 'acme/api', number: 7, pipeline: 'gate' },
  { repository: 'acme/api', ref: 'refs/heads/main', pipeline: 'post' },
])('%j is read', (body) => {
  expect(readAdminBody(body)).toEqual({ ok: true, value: body });
});

test.each([
  [{}, 2],
  [{ repository: 'acme', number: 7, pipeline: 'gate' }, 1],
  [{ repository: 'acme/api', pipeline: 'gate' }, 1],
  [{ repository: 'acme/api', number: 7, ref: 'refs/heads/main', pipeline: 'gate' }, 1],
  [{ repository: 'acme/api', number: '7', pipeline: 'gate' }, 1],
  [{ repository: 'acme/api', ref: 'main', pipeline: 'gate' }, 1],
  [{ repository: 'acme/api', number: 7, pipeline: 'gate', force: true }, 1],
])('%j is refused with %i reasons', (body, count) => {
  const reading = readAdminBody(body);

  expect(reading.ok ? [] : reading.reasons).toHaveLength(count);
});
