/** As much of Markdown as the tests of the documents look at: headings, links, code. */

/** A fenced block. */
export interface CodeBlock {
  /** What stands behind the opening fence, such as `yaml configuration`. */
  readonly info: string;
  readonly text: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
}

/** A link within a document. */
export interface Link {
  readonly target: string;
  /** From 1. */
  readonly line: number;
}

const fence = /^(`{3,}|~{3,})(.*)$/;

/** All fenced blocks, in order. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { mark: string; info: string; line: number; lines: string[] } | null = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    const [, mark = '', info = ''] = fence.exec(line.trimStart()) ?? [];
    if (open === null) {
      if (mark !== '') open = { mark, info: info.trim(), line: index + 1, lines: [] };
    } else if (mark.startsWith(open.mark) && info.trim() === '') {
      blocks.push({ info: open.info, text: `${open.lines.join('\n')}\n`, line: open.line });
      open = null;
    } else {
      open.lines.push(line);
    }
  }
  return blocks;
}

/** Lines outside fenced blocks; those inside are blank, so that numbers stay. */
export function proseLines(markdown: string): readonly string[] {
  let mark: string | null = null;
  return markdown.split('\n').map((line) => {
    const [, found = '', info = ''] = fence.exec(line.trimStart()) ?? [];
    if (mark === null) {
      if (found === '') return line;
      mark = found;
    } else if (found.startsWith(mark) && info.trim() === '') {
      mark = null;
    }
    return '';
  });
}

/** Links `[text](target)` in prose; what is quoted as code is no link. */
export function linksOf(markdown: string): readonly Link[] {
  return proseLines(markdown).flatMap((line, index) =>
    [...line.replace(/`[^`]*`/g, '`code`').matchAll(/\]\(<?([^)\s>]+)>?\)/g)].map((match) => ({
      target: match[1] ?? '',
      line: index + 1,
    })),
  );
}

/** What is quoted as code in prose. */
export function codeSpans(markdown: string): readonly string[] {
  return proseLines(markdown).flatMap((line) =>
    [...line.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''),
  );
}

/**
 * The anchors of a document's headings, as GitHub makes them.
 * Source: https://docs.github.com/get-started/writing-on-github — section links
 */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const line of proseLines(markdown)) {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    let unique = anchor;
    for (let n = 1; anchors.has(unique); n += 1) unique = `${anchor}-${n}`;
    anchors.add(unique);
  }
  return anchors;
}

/** Rows of all tables: cells as they are written, without the line below the heads. */
export function tableRows(markdown: string): readonly (readonly string[])[] {
  return proseLines(markdown)
    .filter((line) => line.startsWith('|') && !/^\|[\s|:-]+\|$/.test(line))
    .map((line) =>
      line
        .replace(/^\||\|$/g, '')
        .split('|')
        .map((cell) => cell.trim()),
    );
}
