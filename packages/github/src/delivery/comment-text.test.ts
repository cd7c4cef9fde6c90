import { expect, test } from 'vitest';
import { spokenText } from './comment-text.ts';

test.each([
  ['recheck', 'recheck'],
  ['  recheck \r\n', 'recheck'],
  ['please\r\nrecheck', 'please\nrecheck'],
  ['recheck failed `unit` please', 'recheck failed  please'],
  ['a lone ` tick stays', 'a lone ` tick stays'],
  ['`` a ` b `` recheck', 'recheck'],
  ['`one\n\nrecheck`', '`one\n\nrecheck`'],
])('what is said in %j is %j', (comment, spoken) => {
  expect(spokenText(comment)).toBe(spoken);
});

test.each([
  ['quoted', '> recheck'],
  ['quoted twice', '> > recheck'],
  ['fenced', '```\nrecheck\n```'],
  ['fenced with a language', '```sh\nrecheck\n```'],
  ['fenced by tildes', '~~~\nrecheck\n~~~'],
  ['fenced to the end', '```\nrecheck'],
  ['fenced by four with three inside', '````\n```\nrecheck\n```\n````'],
  ['in a code span', '`recheck`'],
  ['in a span of two ticks', '``recheck``'],
  ['indented as code', '    recheck'],
  ['indented by a tab', '\trecheck'],
])('a command that is %s does not count', (_how, comment) => {
  expect(spokenText(comment)).toBe('');
});

test('a command below a quote counts', () => {
  expect(spokenText('> it failed\n\nrecheck')).toBe('recheck');
});

test('a command after code counts', () => {
  expect(spokenText('```\nlog\n```\nrecheck')).toBe('recheck');
});

test('an indented line within a paragraph is no code', () => {
  expect(spokenText('well\n    recheck')).toBe('well\n    recheck');
});

test('an inline fence of ticks on one line opens no block', () => {
  expect(spokenText('```recheck``` then\nrecheck')).toBe('then\nrecheck');
});
