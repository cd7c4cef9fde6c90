/**
 * Cuts what a client sends to Redis into commands, so that a test can tell at which of them a
 * process is to die. Clients send arrays of bulk strings and nothing else.
 * Source: https://redis.io/docs/latest/develop/reference/protocol-spec/
 */

/** One command as it was sent. */
export interface RespCommand {
  readonly bytes: Buffer;
  /** All its words as one text, so that patterns can be looked for. */
  text(): string;
}

/**
 * Gives the commands that became whole with each chunk. Chunks are put together only when enough
 * of them are there: a command may hold a webhook of 25 MB.
 */
export function createCommandCutter(): (chunk: Buffer) => readonly RespCommand[] {
  let chunks: Buffer[] = [];
  let held = 0;
  let needed = 0;
  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    if (held < needed) return [];
    let left = Buffer.concat(chunks);
    const commands: RespCommand[] = [];
    let end = endOfCommand(left);
    while (end.isWhole) {
      const bytes = left.subarray(0, end.at);
      commands.push({ bytes, text: () => bytes.toString('utf8') });
      left = left.subarray(end.at);
      end = endOfCommand(left);
    }
    chunks = [left];
    held = left.length;
    needed = end.at;
    return commands;
  };
}

/** Where the first command ends; if it is not whole, how many bytes are needed at least. */
function endOfCommand(bytes: Buffer): { readonly isWhole: boolean; readonly at: number } {
  const words = numberAt(bytes, 0);
  if (words === null) return { isWhole: false, at: bytes.length + 1 };
  let at = words.end;
  for (let word = 0; word < words.value; word += 1) {
    const length = numberAt(bytes, at);
    if (length === null) return { isWhole: false, at: bytes.length + 1 };
    at = length.end + length.value + '\r\n'.length;
    if (at > bytes.length) return { isWhole: false, at };
  }
  return { isWhole: true, at };
}

/** The number behind the type byte at `at`, and where its line ends. */
function numberAt(bytes: Buffer, at: number): { value: number; end: number } | null {
  const lineEnd = bytes.indexOf('\r\n', at);
  if (lineEnd === -1) return null;
  return { value: Number(bytes.toString('latin1', at + 1, lineEnd)), end: lineEnd + 2 };
}
