import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureSecretsKey } from './secrets-key.ts';

let root = '';
beforeEach(async () => {
  root = await fs.mkdtemp(join(tmpdir(), 'gatehouse-settings-'));
});
afterEach(async () => {
  await fs.rm(root, { recursive: true });
});

test('the key is made once, for its owner only, and read again afterwards', async () => {
  const dataDir = join(root, 'data');

  const made = await ensureSecretsKey({ fs, randomBytes }, dataDir);
  const again = await ensureSecretsKey({ fs, randomBytes }, dataDir);

  expect(made).toHaveLength(32);
  expect(again).toEqual(made);
  const { mode } = await fs.stat(join(dataDir, 'secrets.key'));
  expect(mode & 0o777).toBe(0o600);
  expect(await fs.readdir(dataDir)).toEqual(['secrets.key']);
});

test('processes that start together get the same key', async () => {
  const starts = Array.from({ length: 8 }, () => ensureSecretsKey({ fs, randomBytes }, root));

  const keys = await Promise.all(starts);

  expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
});

test('a damaged key file is refused and left alone', async () => {
  await fs.writeFile(join(root, 'secrets.key'), 'oops');

  await expect(ensureSecretsKey({ fs, randomBytes }, root)).rejects.toThrow('32 bytes in base64');
  expect(await fs.readFile(join(root, 'secrets.key'), 'utf8')).toBe('oops');
});
