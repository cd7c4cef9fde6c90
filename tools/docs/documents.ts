/** The documents of the working copy. */
import path from 'node:path';
import { readTree, type Tree } from '../tidy/tree.ts';

/** Root of the working copy. */
export const root = path.join(import.meta.dirname, '..', '..');

/** Every text file of the working copy, by its path. */
export const tree: Tree = readTree(root);

/** Every Markdown file, by its path. */
export const documents: ReadonlyMap<string, string> = new Map(
  [...tree].filter(([file]) => file.endsWith('.md')),
);

/** The text of one document. @throws Error when there is none */
export function documentAt(file: string): string {
  const text = documents.get(file);
  if (text === undefined) throw new Error(`there is no document ${file}`);
  return text;
}
