/**
 * A working copy in a temporary folder whose name holds blanks, with the real bootstrap and a
 * stand-in for npm, so that every way in which set-up can go is played through in milliseconds and
 * without a network. The stand-in "fetches" links to this Node.js and a stand-in for pnpm.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const tools = path.resolve(fileURLToPath(new URL('..', import.meta.url)));
const platformPackage = `node-${process.platform}-${process.arch}`;

/** What a finished command left. */
export type Finished = { readonly code: number | null; readonly output: string };

/** A command that still runs. */
export type Running = {
  readonly child: ChildProcess;
  /** Settles when the command has printed `text`; rejects when it ends before. */
  readonly printed: (text: string) => Promise<void>;
  readonly finished: Promise<Finished>;
};

/** A temporary working copy. */
export type WorkingCopy = {
  readonly root: string;
  /** Starts `node tools/run.mjs` with these arguments and extra environment. */
  readonly start: (args: readonly string[], env?: Readonly<Record<string, string>>) => Running;
  readonly write: (file: string, text: string) => void;
  readonly read: (file: string) => string;
  readonly has: (file: string) => boolean;
  /** How often the stand-in for npm or pnpm was called. */
  readonly calls: (tool: 'npm' | 'pnpm') => number;
  readonly remove: () => void;
};

/** Makes a working copy; `remove` it after the test. */
export function makeWorkingCopy(): WorkingCopy {
  const root = mkdtempSync(path.join(tmpdir(), 'a working copy '));
  const at = (file: string): string => path.join(root, file);
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), text);
  };
  cpSync(path.join(tools, 'run.mjs'), at('tools/run.mjs'));
  cpSync(path.join(tools, 'bootstrap'), at('tools/bootstrap'), { recursive: true });
  const toolchain = { node: process.versions.node, pnpm: '1.2.3' };
  write('package.json', JSON.stringify({ type: 'module', gatehouse: { toolchain } }));
  write('pnpm-lock.yaml', 'lockfileVersion: 9\n');
  write('services/gatehouse/src/cli.ts', 'console.log("cli got " + process.argv.slice(2));\n');
  write('path/npm', standInForNpm);
  chmodSync(at('path/npm'), 0o755);
  return {
    root,
    start: (args, env = {}) => startIn(root, { args, env }),
    write,
    read: (file) => readFileSync(at(file), 'utf8'),
    has: (file) => existsSync(at(file)),
    calls: (tool) => {
      const log = at(`${tool}-calls`);
      return existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function startIn(
  root: string,
  { args, env }: { args: readonly string[]; env: Readonly<Record<string, string>> },
): Running {
  const child = spawn(process.execPath, [path.join(root, 'tools/run.mjs'), ...args], {
    cwd: tmpdir(),
    env: {
      PATH: `${path.join(root, 'path')}:/usr/bin:/bin`,
      ROOT: root,
      NODE: process.execPath,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const finished = new Promise<Finished>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        child.emit('printed');
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
  const printed = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (output.includes(text)) resolve();
      };
      child.on('printed', look);
      look();
      finished.then(
        () => reject(new Error(`ended without printing "${text}":\n${output}`)),
        reject,
      );
    });
  return { child, printed, finished };
}

/**
 * NPM_SAYS: print this and fail. NPM_WAITS: print "npm waits" and stay until ended.
 * NPM_HAS_NO_SCRIPTS: behave as where install scripts are switched off.
 */
const standInForNpm = `#!/bin/sh
echo "$*" >> "$ROOT/npm-calls"
if [ -n "$NPM_SAYS" ]; then echo "$NPM_SAYS"; exit 1; fi
if [ -n "$NPM_WAITS" ]; then echo "npm waits"; exec sleep 60; fi
modules="$ROOT/.tools/node_modules"
mkdir -p "$modules/pnpm" "$modules/node/bin"
case "$*" in
  *${platformPackage}@*)
    mkdir -p "$modules/${platformPackage}/bin"
    ln -sf "$NODE" "$modules/${platformPackage}/bin/node" ;;
  *) [ -n "$NPM_HAS_NO_SCRIPTS" ] || ln -sf "$NODE" "$modules/node/bin/node" ;;
esac
cat > "$modules/pnpm/pnpm" <<'PNPM'
#!/bin/sh
if [ "$1" = "--version" ]; then echo 1.2.3; exit 0; fi
echo "$*" >> "$ROOT/pnpm-calls"
if [ -n "$PNPM_SAYS" ]; then echo "$PNPM_SAYS"; exit 1; fi
mkdir -p "$ROOT/node_modules"
touch "$ROOT/node_modules/.modules.yaml"
echo "pnpm installed"
PNPM
chmod +x "$modules/pnpm/pnpm"
echo "npm installed"
`;
