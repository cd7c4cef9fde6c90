/** Where commands write: results on stdout, everything else on stderr. */

/** A line of a command's result. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A message about the command itself. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What a command came to: the result, or what to put right, and the exit code. */
export function print(output: {
  readonly exitCode: number;
  readonly result: string | null;
  readonly complaint: string | null;
}): void {
  if (output.result !== null) say(output.result);
  if (output.complaint !== null) complain(output.complaint);
  process.exitCode = output.exitCode;
}
