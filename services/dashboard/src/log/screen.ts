/**
 * Log lines in the document. Made by hand, not by the component tree: a log has tens of thousands
 * of lines, and only its end changes. Text only ever becomes text nodes.
 *
 * Invariant: blocks are in the order of the log without gaps, each holds whole lines, and the
 * unfinished last line stands after them.
 */
import { type Look, PLAIN, readRuns } from './ansi.ts';
import { cutLines, settleLines } from './lines.ts';

interface Block {
  readonly element: HTMLElement;
  bytes: number;
}

/** Where lines are put. */
export interface LogScreen {
  /** Adds bytes at the end. */
  append(bytes: Uint8Array): void;
  /** Puts whole lines before everything. */
  prepend(bytes: Uint8Array): void;
  /** Takes the oldest blocks away while there is more than this. @returns the bytes taken */
  trim(bytesMax: number): number;
  /** Shows the unfinished line for good: nothing follows. */
  finish(): void;
}

/** A block this large is not added to any more. */
const BLOCK_BYTES_MAX = 64 * 1024;

/** @param place an empty element */
export function createScreen(place: HTMLElement): LogScreen {
  const decoder = new TextDecoder();
  const blocks: Block[] = [];
  const unfinished = document.createElement('span');
  place.append(unfinished);
  let look: Look = PLAIN;
  let rest: Uint8Array = new Uint8Array();

  const text = (bytes: Uint8Array): string => settleLines(decoder.decode(bytes));
  const openBlock = (): Block => {
    const last = blocks.at(-1);
    if (last !== undefined && last.bytes < BLOCK_BYTES_MAX) return last;
    const block = { element: document.createElement('div'), bytes: 0 };
    blocks.push(block);
    unfinished.before(block.element);
    return block;
  };
  const add = (whole: Uint8Array): void => {
    if (whole.length === 0) return;
    const block = openBlock();
    look = draw(block.element, text(whole), look);
    block.bytes += whole.length;
  };

  return {
    append(bytes) {
      const cut = cutLines(rest, bytes);
      add(cut.whole);
      rest = cut.rest;
      unfinished.replaceChildren();
      // A character may be cut in two at the end; it is complete next time.
      draw(unfinished, text(rest).replace(/\ufffd+$/, ''), look);
    },
    prepend(bytes) {
      const element = document.createElement('div');
      draw(element, text(bytes), PLAIN);
      blocks.unshift({ element, bytes: bytes.length });
      place.prepend(element);
    },
    trim(bytesMax) {
      let size = blocks.reduce((sum, block) => sum + block.bytes, 0);
      let taken = 0;
      while (size > bytesMax && blocks.length > 1) {
        const oldest = blocks.shift();
        if (oldest === undefined) break;
        oldest.element.remove();
        size -= oldest.bytes;
        taken += oldest.bytes;
      }
      return taken;
    },
    finish() {
      add(rest);
      rest = new Uint8Array();
      unfinished.replaceChildren();
    },
  };
}

function draw(place: HTMLElement, text: string, look: Look): Look {
  const read = readRuns(text, look);
  const nodes = read.runs.map((run) => {
    if (run.className === '') return document.createTextNode(run.text);
    const span = document.createElement('span');
    span.className = run.className;
    span.textContent = run.text;
    return span;
  });
  place.append(...nodes);
  return read.look;
}
