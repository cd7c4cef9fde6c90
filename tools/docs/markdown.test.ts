import { expect, test } from 'vitest';
import { anchorsOf, codeBlocks, codeSpans, linksOf, tableRows } from './markdown.ts';

const sample = `# The \`gatehouse\` command: a page

See [one](one.md#part) and [two](<two.md>), not \`[three](three.md)\`.

## Twice
## Twice

\`\`\`yaml configuration
# [four](four.md) \`span\`
- job: {name: a}
\`\`\`

| a | b |
| --- | --- |
| c | \`d\` |
`;

test('links stand outside code, with their lines', () => {
  expect(linksOf(sample)).toEqual([
    { target: 'one.md#part', line: 3 },
    { target: 'two.md', line: 3 },
  ]);
});

test('anchors are made as GitHub makes them', () => {
  expect([...anchorsOf(sample)]).toEqual(['the-gatehouse-command-a-page', 'twice', 'twice-1']);
});

test('fenced blocks come with their info and text', () => {
  expect(codeBlocks(sample)).toEqual([
    {
      info: 'yaml configuration',
      text: '# [four](four.md) `span`\n- job: {name: a}\n',
      line: 8,
    },
  ]);
});

test('code spans are those of the prose', () => {
  expect(codeSpans(sample)).toEqual(['gatehouse', '[three](three.md)', 'd']);
});

test('table rows come without the line below the heads', () => {
  expect(tableRows(sample)).toEqual([
    ['a', 'b'],
    ['c', '`d`'],
  ]);
});
