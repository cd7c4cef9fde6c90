/** Texts for the tests of this package: real ones, and what random edits make of them. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { defaultPipelinesText } from '../defaults.ts';

const folder = new URL('../../../../config/samples/', import.meta.url);
/** Real texts. */
export const realTexts: readonly string[] = [
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

/** Real texts with a few random edits. */
export const mutatedText = fc
  .tuple(
    fc.constantFrom(...realTexts),
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

/** Texts of all kinds, most of them nearly right. */
export const anyText = fc.oneof(
  mutatedText,
  fc.array(fragments, { maxLength: 40 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);
