import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultPipelinesText } from './defaults.ts';
import { checkPattern, matchesAnywhere, matchesAtStart, matchesWhole } from './patterns.ts';
import { freezeJobs } from './resolve/freeze.ts';
import { loadLayout } from './resolve/load.ts';
import { pipelinesFor } from './resolve/names.ts';
import { api, ownerSource, source } from './test-support.ts';

const folder = new URL('../../../config/samples/', import.meta.url);
const texts = [
  defaultPipelinesText,
  ...readdirSync(folder).map((name) =>
    readFileSync(new URL(`${name}/.gatehouse.yaml`, folder), 'utf8'),
  ),
];

/** Fragments that mean something in YAML or in the language. */
const fragments = fc.constantFrom(
  ...[
    '- ',
    ': ',
    '\n',
    '  ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '|\n',
    '>\n',
    '&a ',
    '*a',
    '<<: ',
    '!x ',
  ],
  ...[
    '#',
    '\t',
    '\u0000',
    '---\n',
    '...\n',
    '%',
    '@',
    '`',
    ',',
    '?',
    'null',
    'yes',
    '0x',
    '~',
    '\r\n',
  ],
  ...['- job:\n', '    name: unit\n', 'parent: null', '__proto__: ', 'constructor: ', '!override '],
  ...['- project:\n', '  check: {jobs: [unit]}\n', '(?!a)', '\uE000', '\uD800', '\u2028', '😀'],
);

const mutated = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), fragments), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  .map(([text, edits]) =>
    edits.reduce((current, [at, cut, insert]) => {
      const start = Math.floor(at * current.length);
      return current.slice(0, start) + insert + current.slice(start + cut);
    }, text),
  );

const anyText = fc.oneof(
  mutated,
  fc.array(fragments, { maxLength: 40 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

test('no text crashes the reader, and every position lies inside the file', () => {
  fc.assert(
    fc.property(anyText, fc.boolean(), (text, isOwner) => {
      const { layout, problems } = loadLayout([isOwner ? ownerSource(text) : source(text)]);
      const lines = text.split('\n');

      for (const { range, message } of problems) {
        expect(message).not.toBe('');
        if (range === null) continue;
        const { startLine, startColumn, endLine, endColumn } = range;
        const [first, last] = [lines[startLine - 1], lines[endLine - 1]];
        expect(first).toBeDefined();
        expect(last).toBeDefined();
        expect(startColumn).toBeGreaterThanOrEqual(1);
        expect(startColumn).toBeLessThanOrEqual((first?.length ?? 0) + 1);
        expect(endColumn).toBeLessThanOrEqual((last?.length ?? 0) + 1);
        expect(endLine > startLine || endColumn >= startColumn).toBe(true);
      }
      expect(JSON.parse(JSON.stringify(layout))).toEqual(layout);
      for (const { name } of pipelinesFor(layout, api)) {
        const request = { repository: api, branch: 'main', changedFiles: ['a'], base: layout };
        expect(freezeJobs(layout, { ...request, pipeline: name })).toBeDefined();
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test('a text read twice gives the same, whatever it is', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(loadLayout([source(text)])).toEqual(loadLayout([source(text)]));
    }),
    { numRuns: 100 },
  );
});

test('no expression and no text crashes the matcher', () => {
  const expression = fc
    .array(
      fc.constantFrom(...'abc.*+?()[]{}|^$\\,0129-=!<>:Pi'.split(''), '(?!', '(?=', '\\Z', '^(?!'),
      { maxLength: 14 },
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(expression, fc.string({ maxLength: 30 }), fc.boolean(), (...drawn) => {
      const [regex, text, isNegated] = drawn;
      const pattern = { source: regex, isNegated };
      const isUsable = checkPattern(regex).kind === 'ok';

      for (const matches of [matchesAnywhere, matchesAtStart, matchesWhole]) {
        const isMatch = matches(pattern, text);
        const isOpposite = matches({ source: regex, isNegated: !isNegated }, text);
        expect(isMatch).toBe(isUsable ? !isOpposite : false);
      }
    }),
    { numRuns: 500 },
  );
});
