import { createMetrics } from '@gatehouse/telemetry';
import { expect, test } from 'vitest';
import { root, tree } from './documents.ts';
import { installedPackages } from './installed-packages.ts';
import { madePages } from './pages.ts';

test('made pages are up to date (else: node tools/docs/write-pages.ts)', async () => {
  for (const page of await madePages(root)) expect(tree.get(page.path), page.path).toBe(page.text);
});

test('every metric that a document names exists', async () => {
  const { text } = await createMetrics({
    version: 'any',
    hasProcessMetrics: false,
  }).renderMetrics();
  const named = [...tree]
    .filter(([file]) => file.endsWith('.md'))
    .flatMap(([, document]) =>
      document.match(/\bgatehouse_\w+_(?:total|seconds|messages|remaining)\b/g),
    )
    .filter((name) => name !== null);

  const unknown = new Set(named.filter((name) => !text.includes(`# TYPE ${name} `)));

  expect([...unknown]).toEqual([]);
});

test('everything the product runs with has a licence that goes with ours', () => {
  const fitting = [
    ...['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'CC0-1.0'],
    ...['ISC', 'MIT', 'PSF-2.0', 'Python-2.0', 'Unlicense'],
  ];

  const others = installedPackages(root).filter(({ licence }) => !fitting.includes(licence));

  expect(others).toEqual([]);
});

test('every manifest of ours names the licence that LICENSE holds', () => {
  const manifests = [...tree].filter(([file]) => /(^|\/)package\.json$/.test(file));

  const others = manifests.filter(([, text]) => !text.includes('"license": "Apache-2.0"'));

  expect(others.map(([file]) => file)).toEqual([]);
});
