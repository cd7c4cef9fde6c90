import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Pattern } from './layout.ts';
import {
  checkPattern,
  isUsable,
  matchesAnywhere,
  matchesAtStart,
  matchesWhole,
} from './patterns.ts';

function pattern(source: string, isNegated = false): Pattern {
  return { source, isNegated };
}

describe('anchoring', () => {
  test.each([
    ['devel', 'devel2', true],
    ['docs', 'src/docs', false],
    ['^master$', 'master-2', false],
    ['master', 'master-2', true],
    ['.*-requires', 'build-requires', true],
    ['requires', 'build-requires', false],
    ['a|b', 'xb', false],
  ])('a branch or file pattern %j matches %j from its start: %j', (source, text, isMatch) => {
    expect(matchesAtStart(pattern(source), text)).toBe(isMatch);
  });

  test.each([
    ['zuul:t/check', 'zuul:t/check:success', false],
    ['zuul:.*:success', 'zuul:t/check:success', true],
    ['a|ab', 'ab', true],
  ])('a status pattern %j matches all of %j: %j', (source, text, isMatch) => {
    expect(matchesWhole(pattern(source), text)).toBe(isMatch);
  });

  test.each([
    ['recheck', 'please recheck', true],
    ['(?i)^\\s*recheck\\s*$', ' Recheck\n', true],
    ['(?i)^\\s*recheck\\s*$', 'please recheck', false],
    ['derp', 'xderpx', true],
  ])('a comment pattern %j is searched in %j: %j', (source, text, isMatch) => {
    expect(matchesAnywhere(pattern(source), text)).toBe(isMatch);
  });

  test('a negated pattern matches what its expression does not', () => {
    expect(matchesAtStart(pattern('docs/', true), 'docs/a.md')).toBe(false);
    expect(matchesAtStart(pattern('docs/', true), 'src/a.ts')).toBe(true);
  });
});

describe('a leading ^(?!X) is understood as "not X"', () => {
  test.each([
    ['^(?!master$).*$', 'master', false],
    ['^(?!master$).*$', 'master-2', true],
    ['^(?!stable/(1|2)).*', 'stable/1', false],
    ['^(?!stable/(1|2)).*', 'stable/3', true],
    ['^(?!a)(?!b).*$', 'bc', false],
    ['^(?!a)(?!b).*$', 'cc', true],
    ['(?i)^(?!docs)', 'DOCS/x', false],
    ['(?i)^(?!docs)', 'src', true],
    ['^(?!\\)|[)]).*', ')', false],
  ])('%j on %j: %j', (source, text, isMatch) => {
    expect(isUsable(pattern(source))).toBe(true);
    expect(matchesAtStart(pattern(source), text)).toBe(isMatch);
    expect(matchesAnywhere(pattern(source), text)).toBe(isMatch);
  });
});

describe('what the engine cannot run is told apart from mistakes', () => {
  test.each([
    'a(?=b)',
    'a(?!b)',
    '(?<=a)b',
    '(?<!a)b',
    '^(?!a)b|c',
    '(a)\\1',
    '(?>a)b',
    '(?P<x>a)(?P=x)',
    'a++',
  ])('%j loads, but never matches, negated or not', (source) => {
    expect(checkPattern(source)).toEqual({ kind: 'unsupported' });
    expect(matchesAnywhere(pattern(source), 'ab')).toBe(false);
    expect(matchesAnywhere(pattern(source, true), 'ab')).toBe(false);
  });

  test.each(['(', '[a', 'a**', '*', '\\l', 'a{2,1}', '(?P<x', 'a'.repeat(10_001)])(
    '%j is a mistake',
    (source) => {
      expect(checkPattern(source).kind).toBe('invalid');
    },
  );

  test.each(['[(?!]', '\\(?!a', '(?P<year>\\d+)', 'a\\Z', '[]a]+', '(?i)x'])(
    '%j is fine',
    (source) => {
      expect(checkPattern(source)).toEqual({ kind: 'ok' });
    },
  );
});

/** How often the engine looks at a character of the text; a backtracking one would not come back. */
function looks(run: () => unknown): number {
  const codePoint = vi.spyOn(String.prototype, 'codePointAt');
  const charCode = vi.spyOn(String.prototype, 'charCodeAt');
  try {
    run();
    return codePoint.mock.calls.length + charCode.mock.calls.length;
  } finally {
    codePoint.mockRestore();
    charCode.mockRestore();
  }
}

describe('what Python writes otherwise is understood', () => {
  test.each([
    ['caf\\u00e9$', 'caf\u00e9'],
    ['[\\u00e0-\\u00ef]+$', '\u00e9'],
    ['docs/(?#all of them).*', 'docs/x'],
    ['(?u)docs/', 'docs/x'],
    ['(?ai)docs/', 'DOCS/x'],
    ['(?a:docs)/', 'docs/x'],
    ['docs\\Z', 'docs'],
    ['ab(?#c)?/', 'a/'],
    ['[(?#)]x', '#x'],
    ['\\\\u00e9', '\\u00e9'],
  ])('%s', (source, text) => {
    expect(matchesAtStart({ source, isNegated: false }, text)).toBe(true);
  });

  test.each(['(?x) a  # comment', '(?ix)a', 'a{1,2000}', 'a{1001}', '(?x:a b)'])(
    'what RE2 has nothing for loads with a warning: %s',
    (source) => {
      expect(checkPattern(source)).toEqual({ kind: 'unsupported' });
    },
  );

  test.each(['[', '(?#', '[\\', '(?a'])(
    'a long row of what is never closed is a mistake: %s',
    (opening) => {
      const source = `${opening.repeat(10_000 / opening.length - 1)}\\`;

      expect(checkPattern(source).kind).toBe('invalid');
    },
  );

  test.each(['\\u12', 'a{2,1}', '\\N', '(?q)a', '[a', 'a{1,2000'])(
    'what Python refuses, or means otherwise, is judged as before: %s',
    (source) => {
      expect(checkPattern(source).kind).not.toBe('unsupported');
    },
  );
});

describe('a long text is no trap: each of its characters is looked at a few times', () => {
  const expressions = ['(a+)+$', '(a|a)*$', '(.*a){12}', '(a*)*b', '^(?!(a+)+$).*', '(a|aa)+$'];
  const ways = { matchesAtStart, matchesWhole, matchesAnywhere };

  test.each(
    expressions.flatMap((source) =>
      Object.entries(ways).map(([name, matches]) => [source, name, matches] as const),
    ),
  )('%j by %s', (source, _, matches) => {
    for (const length of [1_000, 4_000, 16_000]) {
      const text = `${'a'.repeat(length)}!`;

      expect(looks(() => matches(pattern(source), text)) / length).toBeLessThan(10);
    }
  });

  test('the looks are counted at all', () => {
    expect(looks(() => matchesAnywhere(pattern('(a+)+$'), 'a'.repeat(100)))).toBeGreaterThan(99);
  });
});

test('an expression that expands beyond measure is refused', () => {
  expect(checkPattern('((a{100}){100}){100}').kind).toBe('invalid');
});

test('looking at the first plain characters changes no answer', () => {
  const parts = ['a', 'b/', '-', '.', '\\.', '*', '+', '?', '{2}', '|', '(a)', '[ab]', '$', '.*'];
  const expression = fc.array(fc.constantFrom('^', ...parts), { maxLength: 7 });
  const text = fc.array(fc.constantFrom('a', 'b', '/', '-', '.', '\n', '😀'), { maxLength: 6 });
  fc.assert(
    fc.property(expression, text, (pieces, characters) => {
      const pattern = { source: pieces.join(''), isNegated: false };
      const subject = characters.join('');
      if (!isUsable(pattern)) return;

      // The group keeps the expression from beginning with plain characters.
      const hidden = { source: `(?:${pattern.source})`, isNegated: false };
      expect(matchesAtStart(pattern, subject)).toBe(matchesAtStart(hidden, subject));
    }),
    { numRuns: 1_000 },
  );
});
