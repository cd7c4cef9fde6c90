/**
 * A real headless Chromium for tests of pages. It is the distribution's own, driven through
 * playwright-core, which brings no browser. Where there is none, it is installed if this is an
 * automated run as root on Debian or Ubuntu; an automated run without one fails, and anywhere else
 * the tests of pages are left out with one printed line.
 */
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';

const run = promisify(execFile);

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
/** Where Debian puts it, for a PATH without it. */
const DEBIAN_FOLDER = '/usr/bin';
/** A mirror that does not answer must not hold the tests for ever. */
const INSTALL_TIMEOUT_MS = 300_000;

const INSTALL =
  'command -v chromium || { apt-get update -qq && ' +
  'apt-get install -y -qq --no-install-recommends chromium; }';

/**
 * Nothing of the browser speaks to the network by itself, and it runs in a container as root,
 * where its own sandbox cannot. Pages under test are the project's own.
 */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
];

/** Where a browser is looked for, and who may install one; tests of this file name another place. */
export interface BrowserPlace {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Looked into after those of PATH. */
  readonly folders: readonly string[];
  readonly isRoot: boolean;
}

const here: BrowserPlace = {
  environment: process.env,
  folders: [DEBIAN_FOLDER],
  isRoot: process.getuid?.() === 0,
};

/**
 * A started browser, to be closed by the caller; null where tests of pages are left out.
 *
 * @throws Error in an automated run (`CI`) that has no browser and cannot install one
 */
export async function browserForTests(place: BrowserPlace = here): Promise<Browser | null> {
  const { CI = '' } = place.environment;
  const isAutomated = CI !== '' && CI !== 'false';
  const path = findBrowser(place) ?? (isAutomated ? await installBrowser(place) : null);
  if (path === null) {
    if (isAutomated) throw new Error('tests of pages need Chromium: apt-get install chromium');
    process.stdout.write('No Chromium here: tests of pages are left out.\n');
    return null;
  }
  // Loaded only where it is used: it is large.
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: path, args: ARGUMENTS, headless: true });
}

/** The first browser on PATH, or null. */
function findBrowser({ environment, folders }: BrowserPlace): string | null {
  const all = [...(environment.PATH ?? '').split(delimiter), ...folders];
  const paths = all
    .filter((folder) => folder !== '')
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return paths.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function installBrowser(place: BrowserPlace): Promise<string | null> {
  if (!place.isRoot || !existsSync('/usr/bin/apt-get')) return null;
  process.stdout.write('Installing Chromium for the tests of pages.\n');
  // Two test files may find it missing at the same time: the second waits, and finds it there.
  const lock = join(tmpdir(), 'gatehouse-chromium.lock');
  await run('flock', [lock, 'sh', '-c', INSTALL], {
    timeout: INSTALL_TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return findBrowser(place);
}
