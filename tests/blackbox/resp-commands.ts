/**
 * Cuts what a client sends to Redis into commands, so that a test can tell at which of them a
 * process is to die. Clients send arrays of bulk strings and nothing else.
 * Source: https://redis.io/docs/latest/develop/reference/protocol-spec/
 */

/** One command as it was sent. */
export interface RespCommand {
  readonly bytes: Buffer;
  /** All its words as one text, byte by byte, so that patterns can be looked for. */
  readonly text: string;
}

/** Gives the commands that became whole with each chunk. */
export function createCommandCutter(): (chunk: Buffer) => readonly RespCommand[] {
  let left: Buffer = Buffer.alloc(0);
  return (chunk) => {
    left = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
    const commands: RespCommand[] = [];
    for (let end = endOfCommand(left); end !== null; end = endOfCommand(left)) {
      const bytes = left.subarray(0, end);
      commands.push({ bytes, text: bytes.toString('utf8') });
      left = left.subarray(end);
    }
    return commands;
  };
}

/** Null: the command is not whole yet. */
function endOfCommand(bytes: Buffer): number | null {
  const words = numberAt(bytes, 0);
  if (words === null) return null;
  let at = words.end;
  for (let word = 0; word < words.value; word += 1) {
    const length = numberAt(bytes, at);
    if (length === null) return null;
    at = length.end + length.value + '\r\n'.length;
    if (at > bytes.length) return null;
  }
  return at;
}

/** The number behind the type byte at `at`, and where its line ends. */
function numberAt(bytes: Buffer, at: number): { value: number; end: number } | null {
  const lineEnd = bytes.indexOf('\r\n', at);
  if (lineEnd === -1) return null;
  return { value: Number(bytes.toString('latin1', at + 1, lineEnd)), end: lineEnd + 2 };
}
