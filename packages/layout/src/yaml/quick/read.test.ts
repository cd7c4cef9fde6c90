import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { depthMax, fileItemsMax } from '../../limits.ts';
import { anyText, mutatedText, realTexts } from '../../testing/texts.ts';
import { type DocumentReading, readDocument, readWithLibrary } from '../document.ts';
import { readQuickly } from './read.ts';

const corpus = fileURLToPath(new URL('../../../../../../shared/corpus/zuul', import.meta.url));
const isThere = existsSync(corpus);

function publicTexts(): readonly string[] {
  return readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.ya?ml$/.test(path))
    .map((path) => readFileSync(`${corpus}/${path}`, 'utf8'));
}

function withoutCost({ items, problems }: DocumentReading) {
  return { items, problems };
}

describe('what it accepts, it reads as the library does', () => {
  test.each([
    ['maps and lists', '- a:\n    b: c\n    d:\n      - e\n      - f: g\n        h: i\n'],
    ['lists at the column of their key', '- a:\n  - b\n  - c: d\n  e: f\n'],
    ['lists right in lists', '- - a\n  - - b\n    - c\n- d\n'],
    ['an item below its dash', '-\n  a: b\n-\n  - c\n'],
    ['values below their key', '- a:\n    b\n  c:\n    "d"\n  e:\n    {f: g}\n'],
    ['empty values', '- a:\n  b:\n    c:\n- d:\n'],
    ['empty values before comments', '- a:\n    b:\n    # c\n  # d\n  e: # f\n'],
    ['comments anywhere', '# a\n- b: c # d\n# e\n    # f\n  g: h#i\n\n- j\n# k'],
    ['no line end at the end', '- a: b'],
    ['blanks before a line end', '- a:  \n    b: c  \n- d   \n'],
    ['a document mark', '# a\n---\n- b: c\n'],
    ['quotes', `- a: 'it''s'\n  "b": "x\\"\\\\\\n\\ty"\n  'c': ""\n`],
    ['bare texts with syntax in them', '- a: ^b(-c)?\\.json$\n  d: e:f, [g] {h} #i# - ? !\n'],
    ['bare texts over several lines', '- a: b\n    c\n      d # e\n- f\n  g\n'],
    ['words that are no text', '- a: yes\n  b: ~\n  c: 0x10\n  d: null\n  e: 1.5\n  on: off\n'],
    ['brackets', "- a: {b: c , 'd': [e, 'f', {g: h}]} # i\n  j: []\n  k: {}\n"],
    ['brackets over several lines', '- a: [\n    b,\n\n    {c: d}\n  ]\n'],
    ['bare texts in brackets', '- a: [-1, b c, d:e, f#g, http://x/y]\n'],
    ['texts by line', '- a: |\n    b\n\n      c # d\n\n\n  e: |-\n    f: g\n    h\n- i\n'],
    ['folded texts', '- a: >\n    b\n    c\n\n    d\n\n\n    e\n  f: >-\n    g\n\n\n'],
    ['characters beyond ASCII', '- ä: ö 😀\n  "ü": [ß]\n'],
  ])('%s', (_, text) => {
    const items = readQuickly(text);

    expect(items).not.toBeNull();
    expect(withoutCost(readDocument(text))).toEqual(withoutCost(readWithLibrary(text)));
  });

  test('the samples and the built-in pipelines', () => {
    for (const text of realTexts) {
      expect(readQuickly(text)).not.toBeNull();
      expect(withoutCost(readDocument(text))).toEqual(withoutCost(readWithLibrary(text)));
    }
  });

  test.runIf(isThere)('public files, most of which it accepts', () => {
    const texts = publicTexts();
    const accepted = texts.filter((text) => readQuickly(text) !== null);

    for (const text of accepted)
      expect(withoutCost(readDocument(text))).toEqual(withoutCost(readWithLibrary(text)));

    expect(accepted.length).toBeGreaterThan(texts.length / 2);
  });

  test.each([
    ['edited files', mutatedText, 400],
    ['texts of any kind', anyText, 200],
  ])('%s', (_, texts, numRuns) => {
    fc.assert(
      fc.property(texts, (text) => {
        const reading = readDocument(text);
        // A problem of the whole text is found before either reader sees it.
        if (readQuickly(text) === null || reading.problems.length > 0) return;
        expect(withoutCost(reading)).toEqual(withoutCost(readWithLibrary(text)));
      }),
      { numRuns },
    );
  });
});

test.each([
  ['an anchor', '- a: &b c\n'],
  ['an alias', '- a: *b\n'],
  ['a tag', '- a: !override {b: c}\n'],
  ['a merge key', '- <<: {a: b}\n'],
  ['a key twice', '- a: b\n  a: c\n'],
  ['the key `__proto__`', '- __proto__: a\n'],
  ['a tab', '- a:\tb\n'],
  ['a second document', '- a\n---\n- b\n'],
  ['a carriage return', '- a\r\n'],
  ['quotes over several lines', '- a: "b\n    c"\n'],
  ['an indentation indicator', '- a: |2\n     b\n'],
  ['kept line ends', '- a: |+\n    b\n\n'],
  ['a comment in brackets', '- a: [b, # c\n    d]\n'],
  ['an empty item', '- a\n-\n'],
  ['a map', 'a: b\n'],
  ['nothing', '# a\n'],
  ['two keys on a line', '- a: b: c\n'],
  ['a list behind a key', '- a: - b\n'],
  ['a line too deep', '- a: b\n   c: d\n'],
  ['a line not deep enough', '- a:\n    - b\n   - c\n'],
  ['brackets that do not close', '- a: [b\n'],
  ['a pair in a list', '- a: [b: c]\n'],
  ['a key without value in brackets', '- a: {b}\n'],
  ['deep nesting', `- ${'['.repeat(depthMax + 1)}${']'.repeat(depthMax + 1)}\n`],
  ['many items', '- a\n'.repeat(fileItemsMax + 1)],
])('it leaves %s to the library', (_, text) => {
  expect(readQuickly(text)).toBeNull();
});
