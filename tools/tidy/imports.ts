import type { Scan } from './scan.ts';

/** One import or re-export of a source file. */
export type Import = {
  readonly specifier: string;
  /** Offset of the statement, 0-based. */
  readonly at: number;
  readonly kind: 'import' | 'export' | 'dynamic';
  /** What stands between the keyword and `from`; empty for a bare or dynamic import. */
  readonly clause: string;
};

/** `import … from '` and `export … from '`, not reaching over another such statement. */
const withClause =
  /(?<![\w$.])(import|export)\b((?:(?!\b(?:import|export)\b)[\w$*{},\s])*?)\bfrom\s*(['"])/g;
const bare = /(?<![\w$.])import\s*(['"])/g;
const dynamic =
  /(?<![\w$.])(?:import|import\s*\.\s*meta\s*\.\s*resolve|require(?:\s*\.\s*resolve)?)\s*\(\s*(['"`])/g;

/** Every import of a file: static, re-exported, for its side effect, dynamic, resolved, in a type. */
export function importsOf(scan: Scan): Import[] {
  const found = new Map<number, Import>();
  for (const match of scan.code.matchAll(withClause)) {
    const kind = match[1] === 'export' ? 'export' : 'import';
    add(found, scan, { match, kind, clause: (match[2] ?? '').trim() });
  }
  for (const match of scan.code.matchAll(bare)) add(found, scan, { match, kind: 'import' });
  for (const match of scan.code.matchAll(dynamic)) add(found, scan, { match, kind: 'dynamic' });
  return [...found.values()].sort((a, b) => a.at - b.at);
}

function add(
  found: Map<number, Import>,
  scan: Scan,
  { match, kind, clause = '' }: { match: RegExpExecArray; kind: Import['kind']; clause?: string },
): void {
  const quoteEnd = match.index + match[0].length;
  const literal = scan.strings.find((string) => string.at === quoteEnd);
  if (literal === undefined) return;
  found.set(quoteEnd, { specifier: literal.text, at: match.index, kind, clause });
}
