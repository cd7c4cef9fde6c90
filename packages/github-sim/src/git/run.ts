import { spawn } from 'node:child_process';

/** What a git command gave back. */
export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A git command failed in a way that nobody expected. */
export class GitError extends Error {
  readonly code: number;

  constructor(args: readonly string[], output: GitOutput) {
    super(`git ${args.join(' ')} exited with ${output.code}: ${output.stderr.trim()}`);
    this.name = 'GitError';
    this.code = output.code;
  }
}

export interface GitCall {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

/** Where git is looked for; the environment of this process is not read. */
const SEARCH_PATH = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin';

/** Environment of every git child: nothing of the user's own configuration. */
export function gitEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return {
    PATH: SEARCH_PATH,
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    ...extra,
  };
}

/** Runs git in a bare repository and returns whatever comes, exit code included. */
export function tryGit(
  dir: string,
  args: readonly string[],
  call: GitCall = {},
): Promise<GitOutput> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['--git-dir', dir, ...args], {
      env: gitEnvironment(call.env),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const stderr = Buffer.concat(err).toString('utf8');
      resolve({ code: code ?? -1, stdout: Buffer.concat(out), stderr });
    });
    // git may stop reading early; its exit code then tells more than a broken pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(call.input ?? '');
  });
}

/**
 * Runs git and returns its output as text without the last newline.
 *
 * @throws GitError when it exits with anything but 0.
 */
export async function git(
  dir: string,
  args: readonly string[],
  call: GitCall = {},
): Promise<string> {
  const output = await tryGit(dir, args, call);
  if (output.code !== 0) throw new GitError(args, output);
  return output.stdout.toString('utf8').replace(/\n$/, '');
}
