/**
 * Tells code from comments, strings and regular expressions in TypeScript source, without a parser:
 * TypeScript 7 offers its syntax tree only under `unstable`, and every rule here needs words, not
 * trees. What it cannot tell (a regular expression right after `)` or `}`) it takes for a division,
 * and a quote that does not close on its line (text in JSX) ends with the line, so that a mistake
 * costs one line at most.
 */

/** Source text, taken apart. */
export type Scan = {
  /** As long as the source, line by line; what is not code is blank, quotes remain. */
  readonly code: string;
  readonly comments: readonly Span[];
  /** String literals and the text parts of templates, without their quotes. */
  readonly strings: readonly Span[];
};

/** A piece of the source. */
export type Span = {
  /** Offset of its first character, 0-based. */
  readonly at: number;
  readonly text: string;
};

type Reader = {
  readonly source: string;
  at: number;
  readonly code: string[];
  readonly comments: Span[];
  readonly strings: Span[];
};

/** Takes one source file apart. */
export function scan(source: string): Scan {
  const reader: Reader = { source, at: 0, code: [...blank(source)], comments: [], strings: [] };
  while (reader.at < source.length) readCode(reader, false);
  return { code: reader.code.join(''), comments: reader.comments, strings: reader.strings };
}

/** The line an offset stands on, 1-based. */
export function lineAt(source: string, at: number): number {
  return source.slice(0, at).split('\n').length;
}

/** Reads code up to the end or, inside a template's `${…}`, past the bracket that closes it. */
function readCode(reader: Reader, isInTemplate: boolean): void {
  let depth = 0;
  while (reader.at < reader.source.length) {
    const char = reader.source.charAt(reader.at);
    const pair = reader.source.slice(reader.at, reader.at + 2);
    if (pair === '//') readComment(reader, '\n');
    else if (pair === '/*') readComment(reader, '*/');
    else if (char === "'" || char === '"') readString(reader, char);
    else if (char === '`') readTemplate(reader);
    else if (char === '/' && startsRegExp(reader)) readRegExp(reader);
    else {
      keep(reader, 1);
      if (char === '{') depth += 1;
      if (char === '}') depth -= 1;
      if (isInTemplate && depth < 0) return;
    }
  }
}

function readComment(reader: Reader, end: string): void {
  const found = reader.source.indexOf(end, reader.at + 2);
  const until = found === -1 ? reader.source.length : found + (end === '\n' ? 0 : end.length);
  reader.comments.push({ at: reader.at, text: reader.source.slice(reader.at, until) });
  reader.at = until;
}

function readString(reader: Reader, quote: string): void {
  keep(reader, 1);
  const start = reader.at;
  while (reader.at < reader.source.length) {
    const char = reader.source.charAt(reader.at);
    if (char === '\\') reader.at += 2;
    else if (char === quote || char === '\n') break;
    else reader.at += 1;
  }
  reader.strings.push({ at: start, text: reader.source.slice(start, reader.at) });
  keep(reader, 1);
}

function readTemplate(reader: Reader): void {
  keep(reader, 1);
  let start = reader.at;
  while (reader.at < reader.source.length) {
    const char = reader.source.charAt(reader.at);
    if (char === '\\') reader.at += 2;
    else if (char === '`') break;
    else if (char === '$' && reader.source.charAt(reader.at + 1) === '{') {
      reader.strings.push({ at: start, text: reader.source.slice(start, reader.at) });
      keep(reader, 2);
      readCode(reader, true);
      start = reader.at;
    } else reader.at += 1;
  }
  reader.strings.push({ at: start, text: reader.source.slice(start, reader.at) });
  keep(reader, 1);
}

function readRegExp(reader: Reader): void {
  keep(reader, 1);
  let isInClass = false;
  while (reader.at < reader.source.length) {
    const char = reader.source.charAt(reader.at);
    if (char === '\\') reader.at += 2;
    else if (char === '\n' || (char === '/' && !isInClass)) break;
    else {
      if (char === '[') isInClass = true;
      if (char === ']') isInClass = false;
      reader.at += 1;
    }
  }
  keep(reader, 1);
}

/** After a value a slash divides; anywhere else it opens a regular expression. */
function startsRegExp(reader: Reader): boolean {
  const before = reader.code
    .slice(Math.max(0, reader.at - 200), reader.at)
    .join('')
    .trimEnd();
  const word = /[\w$]+$/.exec(before)?.[0];
  if (word !== undefined) {
    return /^(return|typeof|case|in|of|delete|void|throw|new|else|do|instanceof|yield|await)$/.test(
      word,
    );
  }
  return !/[)\]}'"`]$/.test(before);
}

function keep(reader: Reader, length: number): void {
  for (let i = 0; i < length && reader.at < reader.source.length; i += 1) {
    reader.code[reader.at] = reader.source.charAt(reader.at);
    reader.at += 1;
  }
}

function blank(source: string): string {
  return source.replace(/[^\n]/g, ' ');
}
