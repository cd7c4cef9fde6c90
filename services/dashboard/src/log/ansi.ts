/**
 * Terminal colours in job output as class names; whatever else only terminals understand is left
 * out. The result is text and class names from a fixed list: nothing in it can become mark-up.
 * Source: ECMA-48, 8.3.117 (SGR), and https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */

/** How the text that follows is to look. */
export interface Look {
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isItalic: boolean;
  readonly isUnderlined: boolean;
  /** 0 to 15; null: the page's own. */
  readonly ink: number | null;
  readonly ground: number | null;
}

/** Text of one look. */
export interface Run {
  readonly text: string;
  /** Class names; empty for plain text. */
  readonly className: string;
}

/** Where every log begins. */
export const PLAIN: Look = {
  isBold: false,
  isDim: false,
  isItalic: false,
  isUnderlined: false,
  ink: null,
  ground: null,
};

/** Control sequences, window titles and hyperlinks of terminals. The first group: of a colour. */
const SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /\u001b(?:\[([\d;:]*)m|\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]{0,4096}(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;

/** Everything that is neither text nor a tab nor the end of a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be removed
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** @param look how the text before it left off */
export function readRuns(output: string, look: Look): { runs: readonly Run[]; look: Look } {
  const runs: Run[] = [];
  let now = look;
  let from = 0;
  for (const match of output.matchAll(SEQUENCE)) {
    add(runs, output.slice(from, match.index), now);
    from = match.index + match[0].length;
    if (match[1] !== undefined) now = applyCodes(now, match[1]);
  }
  add(runs, output.slice(from), now);
  return { runs, look: now };
}

function add(runs: Run[], text: string, look: Look): void {
  const clean = text.replace(CONTROL, '');
  if (clean === '') return;
  const className = classNameOf(look);
  const last = runs.at(-1);
  if (last?.className === className) runs[runs.length - 1] = { text: last.text + clean, className };
  else runs.push({ text: clean, className });
}

function classNameOf({ isBold, isDim, isItalic, isUnderlined, ink, ground }: Look): string {
  const names = [
    isBold && 'ansi-bold',
    isDim && 'ansi-dim',
    isItalic && 'ansi-italic',
    isUnderlined && 'ansi-underline',
    ink !== null && `ansi-ink-${ink}`,
    ground !== null && `ansi-ground-${ground}`,
  ];
  return names.filter((name) => name !== false).join(' ');
}

function applyCodes(look: Look, text: string): Look {
  const codes = text.split(/[;:]/).map(Number);
  let now = look;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      // An indexed colour has one number after it, a mixed one three; mixed ones are left out.
      const isIndexed = codes[at + 1] === 5;
      const index = codes[at + 2] ?? 16;
      if (isIndexed && index < 16) now = withColour(now, code === 38, index);
      at += isIndexed ? 2 : 4;
    } else now = applyCode(now, code);
  }
  return now;
}

function applyCode(look: Look, code: number): Look {
  const attribute = attributes[code];
  if (attribute !== undefined) return { ...look, ...attribute };
  const ten = Math.floor(code / 10);
  const index = code % 10;
  if (index > 7) return look;
  if (ten === 3 || ten === 4) return withColour(look, ten === 3, index);
  if (ten === 9 || ten === 10) return withColour(look, ten === 9, index + 8);
  return look;
}

const attributes: Readonly<Record<number, Partial<Look>>> = {
  0: PLAIN,
  1: { isBold: true },
  2: { isDim: true },
  3: { isItalic: true },
  4: { isUnderlined: true },
  22: { isBold: false, isDim: false },
  23: { isItalic: false },
  24: { isUnderlined: false },
  39: { ink: null },
  49: { ground: null },
};

function withColour(look: Look, isInk: boolean, index: number): Look {
  return isInk ? { ...look, ink: index } : { ...look, ground: index };
}
