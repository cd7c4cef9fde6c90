/** What runs on this machine. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Command lines of processes that hold the text. */
export async function processesLike(text: string): Promise<string[]> {
  // Code 1: none.
  const found = promisify(execFile)('pgrep', ['-af', text.replaceAll('.', '[.]')]).then(
    ({ stdout }) => stdout,
    (error: { code: number }) => (error.code === 1 ? '' : Promise.reject(error)),
  );
  return (await found).split('\n').filter((line) => line !== '');
}
