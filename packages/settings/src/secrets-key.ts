/**
 * The key that encrypts secrets, kept in the data directory when no setting gives one. It is made
 * once: a file is written beside it and linked into place, so that of two processes that start
 * together one wins and both read the same whole key.
 */
import type * as filesystem from 'node:fs/promises';
import { join } from 'node:path';

/** What is needed of `node:fs/promises`. */
export type SecretsKeyFiles = Pick<
  typeof filesystem,
  'link' | 'mkdir' | 'readFile' | 'rm' | 'writeFile'
>;

/** What {@link ensureSecretsKey} works with. */
export interface SecretsKeyDeps {
  readonly fs: SecretsKeyFiles;
  /** Random bytes of the given length, fit for keys. */
  readonly randomBytes: (length: number) => Uint8Array;
}

const KEY_BYTES = 32;
const FILE_NAME = 'secrets.key';
/** Only the service's own user may read the key. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

/**
 * The key of `dataDir`, made when there is none.
 * @throws Error when the directory cannot be written or the file there holds no key.
 */
export async function ensureSecretsKey(deps: SecretsKeyDeps, dataDir: string): Promise<Uint8Array> {
  const path = join(dataDir, FILE_NAME);
  const existing = await readKey(deps, path);
  if (existing !== null) return existing;
  await deps.fs.mkdir(dataDir, { recursive: true, mode: DIRECTORY_MODE });
  const suffix = Buffer.from(deps.randomBytes(8)).toString('hex');
  const draft = join(dataDir, `.${FILE_NAME}.${suffix}`);
  const text = `${Buffer.from(deps.randomBytes(KEY_BYTES)).toString('base64')}\n`;
  try {
    await deps.fs.writeFile(draft, text, { mode: FILE_MODE, flag: 'wx', flush: true });
    await deps.fs.link(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await deps.fs.rm(draft, { force: true });
  }
  const made = await readKey(deps, path);
  if (made === null) throw new Error(`${path} vanished while it was being made`);
  return made;
}

async function readKey(deps: SecretsKeyDeps, path: string): Promise<Uint8Array | null> {
  let text: string;
  try {
    text = await deps.fs.readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  const key = new Uint8Array(Buffer.from(text.trim(), 'base64'));
  if (key.length !== KEY_BYTES) {
    throw new Error(
      `${path} does not hold 32 bytes in base64. Restore it from a backup; ` +
        'removing it makes every stored secret unreadable.',
    );
  }
  return key;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
