/**
 * The sandbox for heads of outsiders that somebody approved: bubblewrap with namespaces of its own
 * for users, mounts, processes and IPC. A job in it sees the system's programs read-only and can
 * write to its workspace; the data directory, homes, the run directory with its sockets and other
 * jobs do not exist there. It keeps the network, because jobs fetch packages.
 *
 * Whether one works here is found out once, by running a probe that tries what must not work.
 * Source: https://github.com/containers/bubblewrap (bwrap.xml)
 */
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Log } from '@gatehouse/ports';
import { runInGroup } from './process-group.ts';
import type { Workspace, Workspaces } from './workspace.ts';

const PROBE_TIMEOUT_MS = 10_000;
/** How long it counts that no sandbox was found. */
const NO_SANDBOX_KEPT_MS = 5 * 60_000;

/** Folders of the system that are shown, read-only, where they exist. */
const SYSTEM_FOLDERS = [
  ...['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'],
  ...['/nix/store', '/gnu/store'],
];

/** What programs need of /etc; the rest may hold secrets. */
const SYSTEM_FILES = [
  ...['alternatives', 'ca-certificates', 'ca-certificates.conf', 'crypto-policies', 'fonts'],
  ...['group', 'host.conf', 'hosts', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'localtime'],
  ...['magic', 'mime.types', 'nsswitch.conf', 'passwd', 'protocols', 'resolv.conf', 'services'],
  ...['timezone', 'ssl/certs', 'ssl/cert.pem', 'ssl/openssl.cnf'],
  ...['pki/ca-trust', 'pki/tls/certs', 'pki/tls/cert.pem', 'pki/tls/openssl.cnf'],
].map((name) => `/etc/${name}`);

/** What is forbidden, each tried in the probe: leaving a trace outside or seeing the data. */
const PROBE = `
set -u
touch "$HOME/probe" || exit 10
touch /usr/gatehouse-probe 2>/dev/null && exit 11
[ -e "$1" ] && exit 12
[ "$$" -lt 16 ] || exit 13
exit 0
`;

/** A way to run programs shut in. */
export interface Sandbox {
  /** The command line that runs `args` (the first is a program's name) shut in. */
  wrap(workspace: Workspace, args: readonly string[]): readonly string[];
}

/**
 * Finds out whether a sandbox works here; null when none does. One that works is remembered for
 * good, that none does for some minutes: somebody may install one.
 */
export type SandboxFinder = () => Promise<Sandbox | null>;

/** @param dataDir never visible inside; a `bwrap` in its `bin` folder is used as well. */
export function createSandboxFinder(deps: {
  readonly dataDir: string;
  readonly searchPath: string;
  readonly workspaces: Workspaces;
  readonly log: Log;
}): SandboxFinder {
  let answer: Promise<Sandbox | null> | null = null;
  let askAgainAt = Number.POSITIVE_INFINITY;
  return () => {
    if (performance.now() >= askAgainAt) answer = null;
    answer ??= ask();
    return answer;
  };

  async function ask(): Promise<Sandbox | null> {
    askAgainAt = Number.POSITIVE_INFINITY;
    try {
      const found = await find();
      if (found === null) askAgainAt = performance.now() + NO_SANDBOX_KEPT_MS;
      return found;
    } catch (error) {
      // A full disk says nothing about sandboxes.
      askAgainAt = 0;
      throw error;
    }
  }

  async function find(): Promise<Sandbox | null> {
    const file = await findProgram(deps);
    if (file === null) {
      deps.log.warn({}, 'no sandbox: bwrap was not found');
      return null;
    }
    const sandbox = createSandbox(file, deps);
    const problem = await probe(sandbox);
    if (problem === null) deps.log.info({ file }, 'the sandbox works');
    else deps.log.warn({ file, problem }, 'no sandbox: bwrap does not work here');
    return problem === null ? sandbox : null;
  }

  async function probe(sandbox: Sandbox): Promise<string | null> {
    const workspace = await deps.workspaces.open('probe');
    const said: Uint8Array[] = [];
    try {
      const marker = join(workspace.pipes, 'hidden');
      const line = sandbox.wrap(workspace, ['bash', '-c', PROBE, 'probe', marker]);
      const [file = '', ...args] = line;
      const end = await runInGroup({
        file,
        args,
        cwd: workspace.checkout,
        env: { PATH: deps.searchPath, HOME: workspace.home },
        timeoutMs: PROBE_TIMEOUT_MS,
        signal: new AbortController().signal,
        pipePath: marker,
        write: async (chunk) => void said.push(chunk.subarray(0, 500)),
      });
      if (end.how === 'exited' && end.code === 0) return null;
      // Nor does a machine that is too busy to answer, or has no memory left.
      if (end.how !== 'exited') throw new Error(`the sandbox could not be tried: ${end.how}`);
      if (end.killedBy !== null) throw new Error(`the sandbox was ended by ${end.killedBy}`);
      const text = Buffer.concat(said).toString('utf8').slice(0, 500).trim();
      return `exit code ${end.code} ${text}`.trim();
    } finally {
      await deps.workspaces.remove(workspace);
    }
  }
}

/** The sandbox that the program `file` (bubblewrap) makes. */
export function createSandbox(
  file: string,
  deps: { readonly searchPath: string; readonly dataDir: string },
): Sandbox {
  return {
    wrap(workspace, args) {
      const { checkout, home, temporary, exchange } = workspace;
      return [
        file,
        ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts'],
        ...['--unshare-cgroup-try', '--die-with-parent', '--cap-drop', 'ALL'],
        ...['--hostname', 'job', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
        ...[...SYSTEM_FOLDERS, ...SYSTEM_FILES].flatMap(readOnly),
        ...programFolders(deps.searchPath).flatMap(readOnly),
        // It may lie in one of the folders above.
        ...['--tmpfs', deps.dataDir],
        ...[checkout, home, temporary, exchange].flatMap((path) => ['--bind', path, path]),
        ...['--chdir', checkout, '--remount-ro', '/', '--'],
        ...args,
      ];
    },
  };
}

function readOnly(path: string): readonly string[] {
  return ['--ro-bind-try', path, path];
}

/**
 * Folders with programs outside the system's own, such as a runtime below somebody's home. What is
 * installed in /opt is shown as a whole when its programs are on the path: they need their parts.
 */
function programFolders(searchPath: string): readonly string[] {
  return searchPath
    .split(delimiter)
    .filter((folder) => folder.startsWith('/'))
    .filter((folder) => !SYSTEM_FOLDERS.some((known) => `${folder}/`.startsWith(`${known}/`)))
    .map((folder) => folder.replace(/^(\/opt\/.+)\/bin\/?$/, '$1'));
}

async function findProgram(deps: {
  readonly dataDir: string;
  readonly searchPath: string;
}): Promise<string | null> {
  const folders = [...deps.searchPath.split(delimiter), join(deps.dataDir, 'bin')];
  for (const folder of folders) {
    const file = join(folder, 'bwrap');
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return null;
}
