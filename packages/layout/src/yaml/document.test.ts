import { describe, expect, test } from 'vitest';
import { depthMax, fileCharactersMax, fileItemsMax } from '../limits.ts';
import { readDocument } from './document.ts';
import { linesOf, rangeOf } from './lines.ts';

function problems(text: string): readonly string[] {
  const reading = readDocument(text);
  const lines = linesOf(text);
  return [...reading.problems, ...reading.items.flatMap((item) => item.problems)].map(
    ({ code, span }) => {
      if (span === null) return code;
      const range = rangeOf(lines, span);
      return `${code} ${range.startLine}:${range.startColumn}`;
    },
  );
}

function values(text: string): readonly unknown[] {
  return readDocument(text).items.map(({ node }) => node?.value ?? null);
}

describe('a text that is no configuration is one problem at its place', () => {
  test.each([
    ['a binary file', '- a\n\u0000\u0001', ['not-text 2:1']],
    ['an escape character', '- a\u001b[0m', ['not-text 1:4']],
    ['a map', 'job:\n  name: a\n', ['not-a-list 1:1']],
    ['a sentence', 'hello world', ['not-a-list 1:1']],
    ['tabs for indentation', '- job:\n\tname: a\n', ['broken-yaml 2:1']],
    ['an open quote', '- a: "b\n', ['broken-yaml 1:6']],
    ['an open bracket', '- a: [b\n- c\n', ['broken-yaml 2:1']],
    ['two documents', '- a\n---\n- b\n', ['broken-yaml 2:1']],
    ['a wrong indentation', '- a: 1\n   b: 2\n', ['broken-yaml 1:6']],
    ['a reserved character', '- @a\n', ['broken-yaml 1:3']],
  ])('%s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test.each([
    ['nothing', ''],
    ['blank lines', '\n\n'],
    ['a comment', '# nothing here\n'],
    ['an empty document', '---\n'],
    ['an empty list', '[]\n'],
  ])('%s is an empty configuration', (_, text) => {
    expect(readDocument(text)).toMatchObject({ items: [], problems: [] });
  });
});

describe('limits', () => {
  test('a file over the size limit is not parsed', () => {
    expect(problems(`# ${'x'.repeat(fileCharactersMax)}`)).toEqual(['file-too-large']);
  });

  test('a file with too many items names the first that is too many', () => {
    const text = '- a\n'.repeat(fileItemsMax + 1);

    expect(problems(text)).toEqual([`too-many-items ${fileItemsMax + 1}:3`]);
  });

  test('nesting is bounded, whatever the parser itself could bear', () => {
    const deep = (levels: number) => `- ${'['.repeat(levels)}${']'.repeat(levels)}\n`;

    expect(problems(deep(depthMax - 1))).toEqual([]);
    expect(problems(deep(depthMax + 1))).toEqual([`too-deep 1:${depthMax + 3}`]);
    expect(problems(deep(100_000))).toHaveLength(1);
  });

  test('aliases of aliases cannot grow without bound', () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const below = level === 0 ? 'x' : `*a${level - 1}`;
      return `- &a${level} [${Array.from({ length: 10 }, () => below).join(', ')}]`;
    });

    const found = problems(levels.join('\n'));

    expect(new Set(found.map((problem) => problem.split(' ')[0]))).toEqual(
      new Set(['too-many-values']),
    );
  });
});

describe('aliases and merge keys', () => {
  test('an alias is the value of its anchor, across items', () => {
    expect(values('- &a {x: 1}\n- {y: *a}\n')).toEqual([{ x: 1 }, { y: { x: 1 } }]);
  });

  test('a map wins over what it merges in, and the first source over later ones', () => {
    const text = '- &a {x: 1, y: 1}\n- &b {y: 2, z: 2}\n- {<<: [*a, *b], x: 3}\n';

    expect(values(text)[2]).toEqual({ x: 3, y: 1, z: 2 });
  });

  test('a quoted << is a plain key', () => {
    expect(values("- {'<<': 1}\n")).toEqual([{ '<<': 1 }]);
  });

  test.each([
    ['an alias without an anchor', '- *nothing\n', ['unknown-alias 1:3']],
    ['an alias inside its own anchor', '- &a [*a]\n', ['broken-alias 1:7']],
    ['a merge of something else', '- {<<: 1}\n', ['bad-merge 1:8']],
  ])('%s is an error of its item', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });
});

describe('keys', () => {
  test.each([
    ['a key twice', '- {a: 1, b: 2, a: 3}\n', ['duplicate-key 1:16']],
    [
      'two keys twice',
      '- {a: 1, a: 3, b: 1, b: 2}\n',
      ['duplicate-key 1:10', 'duplicate-key 1:22'],
    ],
    ['a template without quotes', '- x: {{ name }}\n', ['key-not-text 1:7']],
    ['__proto__', '- {__proto__: {a: 1}}\n', ['bad-key 1:4']],
  ])('%s is an error', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test('no key reaches a prototype', () => {
    values('- {__proto__: {polluted: 1}, constructor: {prototype: {polluted: 1}}}\n');

    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('keys are text, whatever they look like', () => {
    expect(values('- {on: 1, 2: 3, null: 4}\n')).toEqual([{ on: 1, '2': 3, null: 4 }]);
  });
});

describe('tags', () => {
  test.each(['!encrypted/pkcs1-oaep', '!unsafe', '!override', '!inherit'])('%s is known', (tag) => {
    expect(problems(`- a: ${tag} b\n`)).toEqual([]);
  });

  test.each(['!vault', '!!binary', '!!python/object', '!encrypted/other'])('%s is not', (tag) => {
    expect(problems(`- a: ${tag} b\n`)).toEqual(['unknown-tag 1:6']);
  });

  test('a quoted or !!str scalar is text', () => {
    expect(values('- ["1", \'yes\', !!str 1, !!int "1"]\n')).toEqual([['1', 'yes', '1', 1]]);
  });
});

describe('quoted text over several lines', () => {
  test('may go on at any indentation', () => {
    const text = '- job:\n    a: "{{\n  one |\n\n  two\n    }}"\n    b: 1\n';

    expect(values(text)).toEqual([{ job: { a: '{{ one |\ntwo }}', b: 1 } }]);
  });

  test('keeps the places of what follows', () => {
    const text = '- job:\n    a: "x\ny"\n    b: 1\n    b: 2\n';

    expect(problems(text)).toEqual(['duplicate-key 5:5']);
  });

  test('that never ends is an error', () => {
    expect(problems('- a: "x\ny\n')).toEqual(['broken-yaml 1:6']);
  });
});
