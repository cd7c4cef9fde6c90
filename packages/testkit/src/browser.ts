/**
 * A real browser for tests: Debian's Chromium, driven without any download of its own.
 *
 * In CI a browser test that does not run proves nothing and looks like one that does, so there it
 * is installed or the tests fail; on anybody's own machine one line says what is missing.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * Launches a headless Chromium; close it after the tests. Null: there is none here, and one line
 * has said so.
 *
 * @throws Error in CI (`CI=true`) when there is none and none can be installed.
 */
export async function browserForTests(): Promise<Browser | null> {
  const isCi = process.env.CI === 'true';
  const executablePath = findChromium() ?? (isRoot() ? installChromium(isCi) : null);
  if (executablePath === null) {
    const missing = 'no Chromium here: install it with "apt-get install chromium"';
    if (isCi) throw new Error(missing);
    process.stderr.write(`browser tests are skipped: ${missing}\n`);
    return null;
  }
  // Chromium refuses its sandbox to root; pages under test are our own.
  return chromium.launch({ executablePath, args: isRoot() ? ['--no-sandbox'] : [] });
}

function findChromium(): string | null {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours to run: the next candidate is looked at.
    return false;
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** @throws Error when it fails and `mustSucceed`. */
function installChromium(mustSucceed: boolean): string | null {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      env,
      stdio: 'ignore',
    });
  } catch (error) {
    if (mustSucceed) throw new Error('Chromium could not be installed', { cause: error });
  }
  return findChromium();
}
