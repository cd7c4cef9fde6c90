/** Documents lead somewhere: links, anchors and the paths they name. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { documents, root } from './documents.ts';
import { anchorsOf, codeSpans, linksOf } from './markdown.ts';

test('every relative link leads to a file of the project, and every anchor to a heading', () => {
  const broken = [...documents].flatMap(([file, text]) =>
    linksOf(text)
      .filter(({ target }) => !/^[a-z][a-z+.-]*:/i.test(target))
      .map(({ target, line }) => ({ problem: problemOf(file, target), where: `${file}:${line}` }))
      .filter(({ problem }) => problem !== null),
  );

  expect(broken).toEqual([]);
});

test('every path of ours that a document names exists', () => {
  const ours = /^(?:packages|services|tools|tests|docs|config|deploy|\.changes)\/[\w./-]+$/;
  const missing = [...documents].flatMap(([file, text]) =>
    codeSpans(text)
      .filter((span) => ours.test(span) && !existsSync(path.join(root, span)))
      .map((span) => `${file} names ${span}`),
  );

  expect(missing).toEqual([]);
});

test('no document names a place outside the project', () => {
  const outside = [...documents].flatMap(([file, text]) =>
    text
      .split('\n')
      .map((line, index) => ({ line, where: `${file}:${index + 1}` }))
      .filter(({ line }) => /(?<![\w.])\/(?:tmp|work|home|Users|root|mnt|media)\/\w/.test(line))
      .map(({ where }) => where),
  );

  expect(outside).toEqual([]);
});

/** Null: the target is there. */
function problemOf(file: string, target: string): string | null {
  const [place = '', anchor] = target.split('#', 2);
  const resolved =
    place === '' ? file : path.posix.join(path.posix.dirname(file), decodeURI(place));
  if (resolved.startsWith('..') || place.startsWith('/')) return `${target} leaves the project`;
  if (!existsSync(path.join(root, resolved))) return `${target} does not exist`;
  if (anchor === undefined) return null;
  const text = documents.get(resolved);
  if (text !== undefined && anchorsOf(text).has(anchor)) return null;
  return `${target} names no heading`;
}
