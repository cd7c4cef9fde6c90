import { errorCatalogue } from '@gatehouse/model';
import { expect, test } from 'vitest';
import { documentAt } from './documents.ts';

const sections = documentAt('docs/errors.md').split(/^### /m).slice(1);

test('errors.md lists exactly the codes of the catalogue, each with its kind', () => {
  const listed = sections.map((section) => [
    section.split('\n', 1)[0],
    /^- Kind: `(\w+)`$/m.exec(section)?.[1],
  ]);

  expect(Object.fromEntries(listed)).toEqual(errorCatalogue);
  expect(listed).toHaveLength(Object.keys(errorCatalogue).length);
});

test('every code has a cause and a remedy', () => {
  const bare = sections.filter(
    (section) => !/^- Cause: \S/m.test(section) || !/^- Remedy: \S/m.test(section),
  );

  expect(bare).toEqual([]);
});
