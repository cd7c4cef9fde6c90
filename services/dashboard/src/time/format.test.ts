import { expect, test } from 'vitest';
import { absolute, ago, clock, duration, took } from './format.ts';

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;

test.each([
  [-5, '0:00'],
  [999, '0:00'],
  [65 * S, '1:05'],
  [12 * MIN, '12:00'],
  [H + 2 * MIN + 3 * S, '1:02:03'],
  [30 * H, '30:00:00'],
])('%d ms are %s on a clock', (ms, text) => {
  expect(clock(ms)).toBe(text);
});

test.each([
  [40, '0.0 s'],
  [840, '0.8 s'],
  [9940, '9.9 s'],
  [9990, '0:09'],
  [65 * S, '1:05'],
])('what took %d ms took %s', (ms, text) => {
  expect(took(ms)).toBe(text);
});

test.each([
  [45 * S, '45 s'],
  [200 * S, '3 min 20 s'],
  [H + 2 * MIN, '1 h 2 min'],
])('%d ms are %s in words', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test.each([
  [-MIN, 'just now'],
  [44 * S, 'just now'],
  [50 * S, '1 min ago'],
  [59 * MIN, '59 min ago'],
  [90 * MIN, '2 h ago'],
  [25 * H, '1 day ago'],
  [72 * H, '3 days ago'],
])('%d ms before now is %s', (ms, text) => {
  expect(ago(1_000_000_000 - ms, 1_000_000_000)).toBe(text);
});

test('a moment is told to the second, with the zone that it is told in', () => {
  expect(absolute(Date.UTC(2026, 0, 31, 14, 5, 9))).toMatch(
    /^2026-0[12]-\d{2} \d{2}:\d{2}:09 UTC([+-]\d{2}:\d{2})?$/,
  );
});
