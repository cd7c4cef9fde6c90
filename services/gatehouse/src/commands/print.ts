/** Where commands write: results on stdout, everything else on stderr. */

/** A line of a command's result. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A message about the command itself. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Exit code when the result could not be written. */
const EXIT_UNWRITTEN = 2;

/**
 * For commands that print and end: a reader who has enough (`| head`) closes the pipe, which is no
 * fault; what else keeps the result from being written is told in one line.
 */
export function forgiveClosedPipes(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    complain(`The result cannot be written: ${error.message}.`);
    process.exitCode = EXIT_UNWRITTEN;
  });
  // Nobody is left to tell.
  process.stderr.on('error', () => undefined);
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
