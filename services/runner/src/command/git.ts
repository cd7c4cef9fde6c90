/**
 * Runs git for a checkout: without the host's configuration, without hooks, prompts or helpers,
 * over one protocol only, and with the token in nothing but this process's environment.
 * Source: https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT
 */
import { join } from 'node:path';
import type { CheckoutAccess } from '@gatehouse/ports';
import { GIT_TAIL_BYTES, GIT_TIMEOUT_MS } from '../limits.ts';
import type { JobOutput } from './output.ts';
import { runInGroup } from './process-group.ts';
import type { Workspace } from './workspace.ts';

/** What git runs with. */
export interface GitSetting {
  readonly workspace: Workspace;
  readonly access: CheckoutAccess;
  readonly searchPath: string;
  readonly output: JobOutput;
  readonly signal: AbortSignal;
}

/** How a git command ended; `said` is the end of what it printed, for explanations. */
export type GitEnd =
  | { readonly ok: true }
  | { readonly ok: false; readonly said: string; readonly isAborted: boolean };

/** The user name that GitHub wants beside an installation token. */
const TOKEN_USER = 'x-access-token';
let pipeNumber = 0;

/** Runs one git command in the checkout. */
export async function runGit(setting: GitSetting, args: readonly string[]): Promise<GitEnd> {
  const { workspace, output, signal } = setting;
  let tail = Buffer.alloc(0);
  pipeNumber += 1;
  const end = await runInGroup({
    file: 'git',
    args,
    cwd: workspace.checkout,
    env: gitEnvironment(setting),
    timeoutMs: GIT_TIMEOUT_MS,
    signal,
    pipePath: join(workspace.pipes, `git-${pipeNumber}`),
    write: async (chunk) => {
      tail = Buffer.concat([tail, chunk]).subarray(-GIT_TAIL_BYTES);
      await output.write(chunk);
    },
  });
  if (end.how === 'exited' && end.code === 0) return { ok: true };
  const isAborted = end.how === 'aborted';
  if (end.how === 'not-started') return { ok: false, said: 'git is not installed', isAborted };
  if (end.how === 'timed-out') return { ok: false, said: 'git took too long', isAborted };
  return {
    ok: false,
    said: withoutToken(lastLine(tail.toString('utf8')), setting.access),
    isAborted,
  };
}

/** The address without a name or password: it is kept in `.git/config`. */
export function addressOf({ cloneUrl }: CheckoutAccess): string {
  const url = URL.parse(cloneUrl);
  if (url === null || (url.username === '' && url.password === '')) return cloneUrl;
  url.username = '';
  url.password = '';
  return url.href;
}

/** Both forms in which the token could be printed. */
export function secretsOf({ token }: CheckoutAccess): readonly string[] {
  return [token, basic(token)];
}

function basic(token: string): string {
  return Buffer.from(`${TOKEN_USER}:${token}`).toString('base64');
}

function withoutToken(text: string, access: CheckoutAccess): string {
  return secretsOf(access).reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.findLast((line) => /^(?:fatal|error):/.test(line)) ?? lines.at(-1) ?? 'git failed';
}

function gitEnvironment({ workspace, access, searchPath }: GitSetting): Record<string, string> {
  const protocol = protocolOf(access.cloneUrl);
  const settings: [string, string][] = [
    ['core.hooksPath', '/dev/null'],
    ['core.fsmonitor', 'false'],
    ['credential.helper', ''],
    ['http.followRedirects', 'false'],
    ['http.lowSpeedLimit', '1000'],
    ['http.lowSpeedTime', '60'],
    ['fetch.recurseSubmodules', 'false'],
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
    ['init.defaultBranch', 'main'],
    ['init.templateDir', ''],
    ['advice.detachedHead', 'false'],
  ];
  if (protocol !== 'file') {
    // Bound to the address, so that no other server is ever shown it.
    const header = `http.${addressOf(access)}.extraHeader`;
    settings.push([header, `Authorization: Basic ${basic(access.token)}`]);
  }
  return {
    PATH: searchPath,
    HOME: workspace.gitHome,
    LC_ALL: 'C.UTF-8',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ALLOW_PROTOCOL: protocol,
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

/** The one protocol that this address needs; everything else stays forbidden. */
function protocolOf(cloneUrl: string): 'https' | 'http' | 'file' {
  if (cloneUrl.startsWith('https://')) return 'https';
  return cloneUrl.startsWith('http://') ? 'http' : 'file';
}
