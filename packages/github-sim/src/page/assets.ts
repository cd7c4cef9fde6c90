/** The files that pages load: one style sheet, one script, the drawings. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  'favicon.svg': 'image/svg+xml',
  'icons.svg': 'image/svg+xml',
  'page.css': 'text/css; charset=utf-8',
  'page.mjs': 'text/javascript; charset=utf-8',
};

export interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
  readonly etag: string;
}

/** A file by its name below `/_page/`; null when there is none. Read each time: they are small. */
export async function readAsset(name: string): Promise<Asset | null> {
  const type = TYPES[name];
  if (type === undefined) return null;
  const bytes = await readFile(join(import.meta.dirname, 'assets', name));
  const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  return { type, bytes, etag: `"${digest}"` };
}
