import { expect, test } from 'vitest';
import { documentAt, documents, tree } from './documents.ts';
import { linksOf, tableRows } from './markdown.ts';

test('the code map lists every room that exists, and no other', () => {
  const rooms = [...tree.keys()].flatMap(
    (file) => /^((?:packages|services)\/[^/]+)\/package\.json$/.exec(file)?.[1] ?? [],
  );

  const listed = tableRows(documentAt('ARCHITECTURE.md')).flatMap(([cell = '']) =>
    [...cell.matchAll(/`((?:packages|services)\/[\w-]+)`/g)].map((match) => match[1]),
  );

  expect([...listed].sort()).toEqual([...rooms].sort());
});

test('the list of decisions has every decision, in order', () => {
  const pages = [...documents.keys()]
    .flatMap((file) => /^docs\/adr\/(\d{4}-.*\.md)$/.exec(file)?.[1] ?? [])
    .sort();

  const listed = linksOf(documentAt('docs/adr/README.md')).map(({ target }) => target);

  expect(listed).toEqual(pages);
});

test('every decision has status, context, decision and consequences, on one page', () => {
  for (const [file, text] of documents) {
    if (!/^docs\/adr\/\d/.test(file)) continue;
    const number = Number(/\d{4}/.exec(file)?.[0]);
    expect(text, file).toMatch(new RegExp(`^# ${number}\\. \\S.*\\n\\nStatus: \\S`));
    const headings = [...text.matchAll(/^## (.*)$/gm)].map((match) => match[1]);
    expect(headings, file).toEqual(['Context', 'Decision', 'Consequences']);
    expect(text.split('\n').length, file).toBeLessThan(60);
  }
});
