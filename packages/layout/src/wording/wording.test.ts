import { describe, expect, test } from 'vitest';
import { anyOf, quoted } from '../problems.ts';
import { load } from '../test-support.ts';

test('what a user reads about a file full of mistakes', () => {
  const { problems } = load(`- job:
    name: unit
    run: npm test
    tiemout: 60
    attempts: lots
- job: {name: e2e, run: ./e2e.sh, http: https://ci.example.com/}
- job: {name: docs, parent: unti, run: 'make {change.title}', files: '['}
- project:
    check: {jobs: [unit, e2e, docs, lint]}
    gaet: {jobs: [docs]}
- pipelin: {}
`);

  expect(
    problems.map(({ range, message, remedy }) =>
      [`${range?.startLine}:${range?.startColumn} ${message}`, remedy].join(' → '),
    ),
  ).toMatchInlineSnapshot(`
    [
      "4:5 a job has no attribute \`tiemout\` → Did you mean \`timeout\`?",
      "5:15 \`attempts\` must be a whole number, not the text \`lots\` → Write digits only.",
      "6:35 a job runs in one way, but this one has \`run\` and \`http\` → Keep one of \`run\` (with \`pre-run\`, \`post-run\`), \`http\` and \`workflow\`.",
      "7:40 \`{change.title}\` is not a field that values may use → Did you mean \`change.url\`?",
      "7:70 \`[\` is not a regular expression: missing closing ]: \`[\` → Regular expressions are RE2; escape special characters with a backslash.",
      "11:3 \`pipelin\` is not a type of item → Did you mean \`pipeline\`?",
      "9:37 no job is named \`lint\` → Define it, or correct the name.",
      "10:5 no pipeline is named \`gaet\` → Did you mean \`gate\`?",
    ]
  `);
});

describe('text from a file is quoted', () => {
  test.each([
    ['on one line', 'a\n  b', '`a b`'],
    ['without backquotes of its own', 'a`b', "`a'b`"],
    ['shortened', 'x'.repeat(70), `\`${'x'.repeat(59)}…\``],
    ['as JSON when it is no text', { a: [1] }, '`{"a":[1]}`'],
    ['without what a terminal obeys', 'a\u001b[31m\u0000', '`a\\u001b[31m\\u0000`'],
    ['without what turns the text around it', 'a\u202eb', '`a\\u202eb`'],
    ['as nothing when there is nothing', undefined, '`nothing`'],
  ])('%s', (_, value, expected) => {
    expect(quoted(value)).toBe(expected);
  });

  test('alternatives are joined as one says them', () => {
    expect([anyOf([]), anyOf(['a']), anyOf(['a', 'b']), anyOf(['a', 'b', 'c'])]).toEqual([
      'nothing',
      '`a`',
      '`a` or `b`',
      '`a`, `b` or `c`',
    ]);
  });
});
