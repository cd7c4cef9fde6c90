import { expect, test } from 'vitest';
import { buildView, doneView, overviewOf, runView } from '../testing/views.ts';
import { changeName, changeTitle, webLink } from './change.ts';
import { firstLog } from './log-choice.ts';
import { newsOf } from './news.ts';
import { notesOf } from './notes.ts';

const over = (id: string) => runView({ id, phase: 'completed', verdict: 'failure' });

test('a change is named by its number, a ref by its short name', () => {
  const { change } = runView();
  const ref = { ...change, number: null, title: null, ref: 'refs/heads/release/1' };

  expect([changeName(change), changeName(ref)]).toEqual(['acme/api#7', 'acme/api@release/1']);
  expect([changeTitle(change), changeTitle(ref)]).toEqual(['Make it faster', 'Commit aaaaaaaaaa']);
});

test.each(['javascript:alert(1)', 'data:text/html,x', '//x.example', 'https://', null])(
  '%s does not become a link',
  (address) => {
    expect(webLink(address)).toBeNull();
  },
);

test('http and https become links', () => {
  expect(webLink('https://ci.example/log')).toBe('https://ci.example/log');
});

test('only verdicts that come in while somebody looks are news', () => {
  const before = overviewOf([], [over('a')]);
  const now = overviewOf([], [over('b'), over('a')]);

  expect(newsOf(null, now)).toBe('');
  expect(newsOf(now, now)).toBe('');
  expect(newsOf(before, now)).toBe('check of acme/api#7: Failed.');
});

test('much news at once is cut short', () => {
  const now = overviewOf([], ['a', 'b', 'c', 'd', 'e'].map(over));

  expect(newsOf(overviewOf([]), now)).toMatch(
    /^(?:check of acme\/api#7: Failed\. ){3}And 2 more\.$/,
  );
});

test.each([
  ['what failed', [doneView('SUCCESS', { id: 'a' }), doneView('FAILURE', { id: 'b' })], 'b'],
  ['what runs', [doneView('SUCCESS', { id: 'a' }), buildView({ id: 'b' })], 'b'],
  ['the first', [doneView('SUCCESS', { id: 'a' }), doneView('SUCCESS', { id: 'b' })], 'a'],
  ['none without a log', [doneView('FAILURE', { has_log: false })], undefined],
])('the log that is shown first is of %s', (_what, builds, id) => {
  expect(firstLog(builds)?.id).toBe(id);
});

test('a job tells what it waits for, which try it is and that it does not vote', () => {
  const build = buildView({
    phase: 'waiting',
    dependencies: ['lint', 'unit'],
    attempt: 2,
    voting: false,
  });

  expect(notesOf(build)).toEqual(['waits for lint, unit', 'try 2 of 3', 'does not vote']);
  expect(notesOf(doneView('ERROR', { detail: 'the host went away' }))).toEqual([
    'the host went away',
  ]);
});
