import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { relay } from '../bootstrap/relay.mjs';
import { createSteps } from '../bootstrap/steps.mjs';

/** The root of the working copy, an absolute path. */
export const root: string = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** Runs one tool; gives its exit code and everything it printed. */
export type Runner = {
  /**
   * @param title printed before and after
   * @param command a script to run on this Node.js, relative to the root, and its arguments
   * @param shows which lines of its output are passed on; all of them unless given
   */
  run(
    title: string,
    command: readonly string[],
    shows?: (line: string) => boolean,
  ): Promise<{ code: number; lines: readonly string[] }>;
};

/** A runner that prints to stdout and never stays silent for long. */
export function createRunner(): Runner {
  const steps = createSteps({ write: (text) => process.stdout.write(text) });
  // The tools see a pipe, whatever we print to, so they are told what to do about colours.
  const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };
  const env = { ...colours, ...process.env };
  return {
    run(title, [script = '', ...args], shows = () => true) {
      return steps.step(title, async () => {
        const lines: string[] = [];
        const onLine = (line: string): void => {
          lines.push(line);
          if (shows(line)) steps.print(line);
        };
        const command = [process.execPath, path.join(root, script), ...args];
        const { code } = await relay(command, { cwd: root, env, onLine });
        return { code, lines };
      });
    },
  };
}
