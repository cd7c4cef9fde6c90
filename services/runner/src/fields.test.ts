import { commitSha } from '@gatehouse/model';
import { expect, test } from 'vitest';
import type { Attempt } from './attempt.ts';
import { fillCommand, fillHeader, fillUrl } from './fields.ts';
import { buildOf, changeAt, itemWith } from './testing/builders.ts';

const sha = 'b'.repeat(40);

function attempt(baseRef = 'main'): Attempt {
  const build = buildOf({ execution: { kind: 'noop' } });
  const state = { ref: 'refs/pull/7/merge', sha: commitSha(sha), baseSha: null, ownedBranch: null };
  const change = { ...changeAt('a'.repeat(40)), baseRef };
  return { item: itemWith({ change, state, builds: [build] }), build };
}

test('every field of the language is filled in', () => {
  const template =
    '{change.number} {change.repository} {change.head_sha} {change.base_ref} {change.sha} {change.url} {pipeline} {build.id}';

  expect(fillHeader(attempt(), template)).toBe(
    `7 Acme/api ${'a'.repeat(40)} main ${sha} https://github.example/Acme/api/pull/7 check run-0.0`,
  );
});

test('titles, bodies and unknown fields stay as they are', () => {
  expect(fillHeader(attempt(), '{change.title} {change.body} {x} {}')).toBe(
    '{change.title} {change.body} {x} {}',
  );
});

test('a value stays within its part of a URL', () => {
  const url = fillUrl(attempt('a/../b?c#d'), 'https://ci.example/{change.base_ref}/x');

  expect(url).toBe('https://ci.example/a%2F..%2Fb%3Fc%23d/x');
});

test.each(['$(id)', '`id`', 'a;b', 'a b', "a'b", 'a"b', 'a|b', 'a&b', 'a\\b', 'a\nb', 'a*'])(
  'a command is refused the value %j',
  (value) => {
    expect(fillCommand(attempt(value), 'echo {change.base_ref}')).toEqual({
      ok: false,
      field: 'change.base_ref',
    });
  },
);

test('variables and braces of the shell are left to it', () => {
  const line = `echo $${'{pipeline}'} {a,b} "$${'{change}'}"`;

  expect(fillCommand(attempt(), line)).toEqual({ ok: true, command: line });
});
