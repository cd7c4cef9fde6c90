import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test.each([
  ['prot', 'port'],
  ['PORT', 'port'],
  ['data_dri', 'data_dir'],
  ['github_webhook_secrt', 'github_webhook_secret'],
  ['webhook_secret', 'github_webhook_secret'],
  ['x', null],
  ['something_else', null],
])('%s is taken for %s', (word, expected) => {
  expect(nearest(word, ['port', 'host', 'data_dir', 'github_webhook_secret'])).toBe(expected);
});
