import { expect, test } from 'vitest';
import { defaultLimitsOf } from './options.ts';

test.each([
  ['https://api.github.com', 2],
  ['https://api.acme.ghe.com', 2],
  ['https://github.acme.example/api/v3', 50],
])('writes to %s keep to %i a second', (apiUrl, writesPerSecond) => {
  expect(defaultLimitsOf(apiUrl)).toMatchObject({ writesPerSecond });
});
