/**
 * Fetches the distribution's Redis package and unpacks it into a folder of ours. The system is not
 * touched: nothing is installed, no maintainer script runs, no root is needed; apt still verifies
 * what it downloads against the distribution's signatures. System package lists are used when they
 * are there and fresh; otherwise lists are fetched into a folder of ours.
 */
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandResult, lastLine, runCommand } from './run-command.ts';
import { findUnpacked, type ProgramSearch } from './server-program.ts';

/** The server's own packages; on Debian and Ubuntu the program itself is in the tools package. */
const packageSets = [
  ['redis-server', 'redis-tools'],
  ['valkey-server', 'valkey-tools'],
] as const;

const downloadTimeoutMs = 120_000;
const updateTimeoutMs = 300_000;
/** Dependencies of dependencies are followed this deep; two are needed on a bare Debian 12. */
const dependencyDepthMax = 4;

/** Where to put things, and whom to tell. */
export interface FetchOptions {
  /** Becomes the unpacked tree; must not exist yet. */
  readonly targetDir: string;
  /** For package lists, downloads and unfinished trees; removed at the end. */
  readonly workDir: string;
  readonly onStep: (text: string) => void;
}

interface Apt {
  readonly configFile: string;
  readonly downloadDir: string;
  readonly onStep: (text: string) => void;
}

/** Fetches, unpacks and tries out a server. Never throws for want of apt or network. */
export async function fetchDistributionPackage(options: FetchOptions): Promise<ProgramSearch> {
  if ((await runCommand('dpkg', ['--version'], { timeoutMs: 10_000 })) === null) {
    return { isFound: false, reason: 'this is not Debian or Ubuntu (no dpkg)' };
  }
  await rm(options.workDir, { recursive: true, force: true });
  try {
    return await fetchWith(options);
  } finally {
    await rm(options.workDir, { recursive: true, force: true });
  }
}

async function fetchWith(options: FetchOptions): Promise<ProgramSearch> {
  const reasons: string[] = [];
  for (const lists of ['system', 'own'] as const) {
    const apt = await prepareApt(options, lists);
    if (lists === 'own') {
      options.onStep('Fetching the distribution’s package lists');
      const updated = await aptGet(apt, ['update'], updateTimeoutMs);
      if (updated !== null) reasons.push(updated);
    }
    for (const names of packageSets) {
      options.onStep(`Fetching the packages ${names.join(', ')}`);
      const failure = await download(apt, names);
      if (failure === null) return await unpack(options, apt);
      reasons.push(failure);
    }
  }
  return { isFound: false, reason: [...new Set(reasons)].join('; ') };
}

async function prepareApt(options: FetchOptions, lists: 'system' | 'own'): Promise<Apt> {
  const downloadDir = join(options.workDir, `downloads-${lists}`);
  const cacheDir = join(options.workDir, 'cache');
  const listsDir = join(options.workDir, 'lists');
  for (const dir of [downloadDir, join(cacheDir, 'archives/partial'), join(listsDir, 'partial')]) {
    await mkdir(dir, { recursive: true, mode: 0o700 });
  }
  const configFile = join(options.workDir, `apt-${lists}.conf`);
  await writeFile(
    configFile,
    [
      ...(lists === 'own' ? [`Dir::State::Lists "${listsDir}";`] : []),
      `Dir::Cache "${cacheDir}";`,
      // apt's own download user could not write into our folder.
      'APT::Sandbox::User "root";',
      'Debug::NoLocking "true";',
      'Acquire::Languages "none";',
      'Acquire::Retries "2";',
      'Acquire::http::Timeout "20";',
      'Acquire::https::Timeout "20";',
      // Hooks of the system are about the system's lists, and fail without root.
      '#clear APT::Update::Pre-Invoke;',
      '#clear APT::Update::Post-Invoke;',
      '#clear APT::Update::Post-Invoke-Success;',
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  return { configFile, downloadDir, onStep: options.onStep };
}

/** @returns null when all went well, else what did not. */
async function download(apt: Apt, names: readonly string[]): Promise<string | null> {
  const failure = await aptGet(apt, ['download', ...names], downloadTimeoutMs);
  if (failure !== null) return failure;
  let level = names;
  const seen = new Set(names);
  for (let depth = 0; depth < dependencyDepthMax && level.length > 0; depth += 1) {
    const wanted = (await dependencies(apt, level)).filter((name) => !seen.has(name));
    for (const name of wanted) seen.add(name);
    level = await missing(wanted);
    if (level.length === 0) break;
    apt.onStep(`Fetching the libraries ${level.join(', ')}`);
    const failed = await aptGet(apt, ['download', ...level], downloadTimeoutMs);
    if (failed !== null) return failed;
  }
  return null;
}

async function aptGet(apt: Apt, words: readonly string[], timeoutMs: number) {
  const result = await runCommand('apt-get', ['-q', '-y', '-c', apt.configFile, ...words], {
    timeoutMs,
    cwd: apt.downloadDir,
    onTick: (elapsedMs) => apt.onStep(`… still fetching (${Math.round(elapsedMs / 1000)} s)`),
  });
  if (result === null) return 'there is no apt-get';
  return result.isOk ? null : `apt-get ${words.join(' ')}: ${firstError(result)}`;
}

/** Shared libraries that packages need. */
async function dependencies(apt: Apt, names: readonly string[]): Promise<string[]> {
  const kinds = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'];
  const flags = kinds.map((kind) => `--no-${kind}`);
  const result = await runCommand(
    'apt-cache',
    ['-c', apt.configFile, 'depends', ...flags, ...names],
    { timeoutMs: 30_000 },
  );
  const lines = result?.stdout.split('\n') ?? [];
  const found = lines.map((line) => /^ [ |](?:Pre)?Depends: ((?:lib|lua)\S+)$/.exec(line)?.[1]);
  return [...new Set(found.filter((name) => name !== undefined))];
}

async function missing(names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const format = ['Package', 'db:Status-Status'].map((field) => `\${${field}}`).join(' ');
  const result = await runCommand('dpkg-query', ['-W', '-f', `${format}\n`, ...names], {
    timeoutMs: 30_000,
  });
  const installed = new Set(
    (result?.stdout ?? '')
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return names.filter((name) => !installed.has(name));
}

async function unpack(options: FetchOptions, apt: Apt): Promise<ProgramSearch> {
  const treeDir = join(options.workDir, 'tree');
  await mkdir(treeDir, { recursive: true, mode: 0o700 });
  for (const file of await readdir(apt.downloadDir)) {
    if (!file.endsWith('.deb')) continue;
    options.onStep(`Unpacking ${file.split('_')[0]}`);
    const result = await runCommand('dpkg', ['-x', join(apt.downloadDir, file), treeDir], {
      timeoutMs: 60_000,
    });
    if (!result?.isOk) {
      return { isFound: false, reason: `${file} cannot be unpacked` };
    }
  }
  const tried = await findUnpacked(treeDir);
  if (!tried.isFound) return tried;
  // The finished tree appears at once, so that a crash never leaves half of it in place.
  await rm(options.targetDir, { recursive: true, force: true });
  await rename(treeDir, options.targetDir);
  return findUnpacked(options.targetDir);
}

function firstError(result: CommandResult): string {
  const line = result.stderr.split('\n').find((text) => text.startsWith('E: '));
  return line?.slice(3) ?? lastLine(result);
}
