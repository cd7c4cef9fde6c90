import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { checkPattern, matchesAnywhere, matchesAtStart, matchesWhole } from './patterns.ts';
import { freezeJobs } from './resolve/freeze.ts';
import { loadLayout } from './resolve/load.ts';
import { pipelinesFor } from './resolve/names.ts';
import { api, ownerSource, source } from './test-support.ts';
import { anyText } from './testing/texts.ts';
import { readDocument } from './yaml/document.ts';

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

test('what was read, printed and read again is the same', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const values = valuesOf(text);
      const printed = stringify(values, { defaultStringType: 'QUOTE_DOUBLE', version: '1.1' });
      const again = valuesOf(printed);

      expect(again).toEqual(values);
      expect(stringify(again, { defaultStringType: 'QUOTE_DOUBLE', version: '1.1' })).toBe(printed);
    }),
    { numRuns: 200 },
  );
});

/** The items of a text as plain values. */
function valuesOf(text: string): readonly unknown[] {
  return readDocument(text).items.map(({ node }) => node?.value ?? null);
}

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
