// `node tools/docs/write-pages.ts` writes every page that is made from something else.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { madePages } from './pages.ts';

const root = path.join(import.meta.dirname, '..', '..');

for (const page of await madePages(root)) {
  const file = path.join(root, page.path);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, page.text);
  process.stdout.write(`wrote ${page.path}\n`);
}
