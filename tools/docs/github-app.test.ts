/** What the page on the GitHub App says is what the adapter does. */
import { expect, test } from 'vitest';
import { documentAt, tree } from './documents.ts';
import { tableRows } from './markdown.ts';

const rows = tableRows(documentAt('docs/operating/github-app.md'));
const code = [...tree].filter(
  ([file]) => /^packages\/github\/src\/(?!test\/).*\.ts$/.test(file) && !file.endsWith('.test.ts'),
);

test('the page lists exactly the calls that the adapter makes', () => {
  const made = code.flatMap(([, text]) =>
    [...text.matchAll(/'((?:GET|POST|PUT|PATCH|DELETE) \/[^']*)'/g)].map((match) => match[1]),
  );
  // Octokit itself makes this one, to get an installation's token, and asks for the versions.
  const further = ['POST /app/installations/{installation_id}/access_tokens', 'GET /versions'];

  const listed = rows.flatMap(([cell = '']) => /^`([A-Z]+ \/.*)`$/.exec(cell)?.[1] ?? []);

  expect([...listed].sort()).toEqual([...new Set([...made, ...further])].sort());
});

test('the page lists exactly the events that are read', () => {
  const reader = tree.get('packages/github/src/delivery/reader.ts') ?? '';
  const read = [...reader.matchAll(/^ {2}\['(\w+)', read/gm)].map((match) => match[1]);
  // These come unasked.
  const unasked = ['installation', 'installation_repositories', 'installation_target'];

  const listed = rows.flatMap(([cell = '']) => /^`([a-z_]+)`$/.exec(cell)?.[1] ?? []);

  expect([...listed, ...unasked].sort()).toEqual([...read].sort());
});

test('every call is covered by a permission that the page asks for', () => {
  const granted = new Map(
    rows.flatMap(([name = '', level = '']): [string, string][] =>
      level === 'read' || level === 'write' ? [[name, level]] : [],
    ),
  );

  const uncovered = rows.filter(([call = '', need = '']) => {
    const [, name = '', level = ''] = /^([\w ]+): (read|write)$/.exec(need) ?? [];
    if (!call.startsWith('`') || name === '' || call.includes('/comments')) return false;
    const has = granted.get(name);
    return has !== 'write' && has !== level;
  });

  expect(uncovered).toEqual([]);
  expect(granted.size).toBeGreaterThan(4);
});
