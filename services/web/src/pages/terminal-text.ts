/** Job output as plain text: it was written for terminals, and cut anywhere. */

/** Colours, cursor movements, window titles and hyperlinks of terminals. */
const CONTROL_SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be removed
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]{0,4096}(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;

/** Output without what only terminals understand; a bare carriage return starts a line. */
export function plainOutput(output: string): string {
  return output.replace(CONTROL_SEQUENCE, '').replace(/\r\n?/g, '\n');
}

/** How many of the bytes are whole UTF-8 characters: the last one may be cut in two. */
export function wholeCharacters(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back <= Math.min(4, length); back += 1) {
    const byte = bytes[length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    return bytesOf(byte) > back ? length - back : length;
  }
  return length;
}

/** Length of the character that starts with `lead`; 1 for what starts none. */
function bytesOf(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}
