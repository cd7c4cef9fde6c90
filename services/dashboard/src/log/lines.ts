/** Cutting bytes of a log into lines, so that no character and no colour is torn apart. */

const NEWLINE = 0x0a;

/** A line without an end is shown in pieces of this size, so that it cannot be held back for ever. */
export const LINE_BYTES_MAX = 64 * 1024;

/** What can be shown for good, and what still waits for the end of its line. */
export interface Cut {
  readonly whole: Uint8Array;
  readonly rest: Uint8Array;
}

/** @param rest what an earlier cut left */
export function cutLines(rest: Uint8Array, bytes: Uint8Array): Cut {
  const all = new Uint8Array(rest.length + bytes.length);
  all.set(rest);
  all.set(bytes, rest.length);
  const end = all.lastIndexOf(NEWLINE) + 1;
  const isTooLong = all.length - end > LINE_BYTES_MAX;
  const at = isTooLong ? wholeCharacters(all) : end;
  return { whole: all.subarray(0, at), rest: all.subarray(at) };
}

/**
 * Bytes before the first whole line of a part that begins somewhere in a log; where no line ends
 * in it, before the first whole character.
 */
export function firstLineAt(bytes: Uint8Array): number {
  const newline = bytes.indexOf(NEWLINE);
  if (newline !== -1 && newline + 1 < bytes.length) return newline + 1;
  const start = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
  return Math.max(0, start);
}

/** How many of the bytes are whole UTF-8 characters: the last one may be cut in two. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    return lengthOf(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Length of the character that starts with `lead`; 1 for what starts none. */
function lengthOf(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}

/** What a line shows in the end: after a bare carriage return it is written over. */
export function settleLines(text: string): string {
  if (!text.includes('\r')) return text;
  return text
    .split('\n')
    .map((line) => {
      const parts = line.replace(/\r+$/, '').split('\r');
      return parts.findLast((part) => part !== '') ?? '';
    })
    .join('\n');
}

/** `900 bytes`, `12 KB`, `3.4 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
