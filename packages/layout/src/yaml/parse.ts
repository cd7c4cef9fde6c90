import { parseDocument, visit } from 'yaml';
import { isMarked, repairCharactersMax, repairQuoted, repairsMax } from './repair.ts';

/** The structure of a text, and what it took to find it. */
export interface Parsed {
  readonly document: ReturnType<typeof parseOnce>;
  /** Characters that were read, those that were read again included. */
  readonly characters: number;
}

/** Asks the library for the structure of a text, with the quoted texts that PyYAML takes repaired. */
export function parseRepaired(text: string): Parsed {
  let document = parseOnce(text);
  let characters = text.length;
  if (document.errors.length === 0 || isMarked(text)) return { document, characters };
  let repaired: string | null = text;
  const repairs = Math.min(repairsMax, Math.floor(repairCharactersMax / text.length));
  for (let repair = 0; repair < repairs; repair += 1) {
    const start = cutQuote(document);
    repaired = start === null ? null : repairQuoted(repaired, start);
    if (repaired === null) break;
    document = parseOnce(repaired);
    characters += text.length;
  }
  return { document, characters };
}

/** Where the quoted text begins whose end the first error misses; null when that is another one. */
export function cutQuote(document: ReturnType<typeof parseOnce>): number | null {
  const [error] = document.errors;
  if (error?.code !== 'MISSING_CHAR' || !error.message.includes('quote')) return null;
  const [at] = error.pos;
  let start: number | null = null;
  visit(document, {
    Scalar: (_, { type, range }) => {
      if (type?.startsWith('QUOTE') !== true || !range) return undefined;
      if (range[0] > at || at > range[2]) return undefined;
      start = range[0];
      return visit.BREAK;
    },
  });
  return start;
}

function parseOnce(text: string) {
  return parseDocument(text, {
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
}
