import { type Finding, findingAt, type Rule, type Source } from '../workspace.ts';

/** Node.js runs the sources by removing types, which an enum survives only as broken code. */
export const enumRule: Rule = {
  name: 'there are no enums',
  check: ({ sources }) =>
    sources.flatMap((source) =>
      all(source, /(?<![\w$.])enum\s+[A-Za-z_$][\w$]*\s*\{/g, {
        rule: 'enum',
        message: 'an enum cannot be erased: use a union of string literals',
      }),
    ),
};

/** Comments promise nothing that nobody tracks. */
export const promiseRule: Rule = {
  name: 'comments hold no FIXME, and no TODO without an issue number',
  check: ({ sources }) =>
    sources.flatMap((source) =>
      source.scan.comments.flatMap(({ at, text }) =>
        [...text.matchAll(/\bFIXME\b|\bTODO\b(?!\s*\(#\d+\))/g)].map(({ 0: word, index }) => {
          const message = `${word}: do it now, or open an issue and write TODO(#its number)`;
          return findingAt(source, at + index, { rule: 'promise', message });
        }),
      ),
    ),
};

/** Every match in the code of a file, comments and strings left out. */
export function all(
  source: Source,
  pattern: RegExp,
  problem: { rule: string; message: string },
): Finding[] {
  return [...source.scan.code.matchAll(pattern)].map(({ index }) =>
    findingAt(source, index, problem),
  );
}
