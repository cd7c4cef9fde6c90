/** Where commands write: results on stdout, everything else on stderr. */

/** A line of a command's result. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A message about the command itself. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
