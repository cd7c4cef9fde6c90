/** The reference of the configuration language, from the schemas that also check it. */
import { languageReference, type ReferenceAttribute, type ReferencePart } from '@gatehouse/layout';

const head = `# Configuration

Made by \`node tools/docs/write-pages.ts\` from the schemas in \`packages/layout\`; a test keeps the two
equal. Editors complete and check with [the JSON Schema](../config/gatehouse.schema.json), made from
the same schemas; \`gatehouse lint\` checks everything.

Configuration is YAML: a list of items, each a map with one key, the type of the item. It is read
from the first of these that a repository has: \`.gatehouse.yaml\`, \`.gatehouse.d/\`, \`zuul.yaml\`,
\`zuul.d/\`, \`.zuul.yaml\`, \`.zuul.d/\` (of a directory every \`*.yaml\` below it, sorted by path). What
\`OWNER/.gatehouse\` defines holds for all repositories of the owner.
[Names](adr/0015-where-names-are-looked-for.md) are looked for where they are written, then there.
Pipelines are read from the default branch, the rest from
[the branches that count](adr/0016-branches-that-supply-configuration.md) for a change.

In the tables, an *expression* is a regular expression (RE2) as text or as \`{regex, negate}\`. Marks:
*later* is accepted with a warning and has no effect yet; *none* is accepted with a warning and will
have none, for the reason given.

With the YAML extension of an editor, this first line of a file turns completion on:

\`\`\`yaml
# yaml-language-server: $schema=PATH/TO/config/gatehouse.schema.json
\`\`\`

A schema cannot name tags. Where they are used, an editor has to be told of them, in VS Code so:

\`\`\`json
"yaml.customTags": [
  "!encrypted/pkcs1-oaep scalar", "!encrypted/pkcs1-oaep sequence",
  "!unsafe scalar", "!unsafe sequence", "!unsafe mapping",
  "!override scalar", "!override sequence", "!override mapping",
  "!inherit scalar", "!inherit sequence", "!inherit mapping"
]
\`\`\`
`;

const markWords = { core: '', later: 'later', 'n/a': 'none' } as const;

/** The whole page, as Markdown. */
export function renderConfigurationPage(): string {
  const parts = languageReference();
  const items = parts.filter(({ isItem }) => isItem).map(section);
  const inner = parts.filter(({ isItem }) => !isItem).map(section);
  return `${[head.trimEnd(), '## Items', ...items, '## Inside items', ...inner].join('\n\n')}\n`;
}

function section({ name, intro, attributes }: ReferencePart): string {
  const rows = attributes.map(row);
  const table = [
    '| attribute | type | default | mark | meaning |',
    '| --- | --- | --- | --- | --- |',
  ];
  return [`### ${name}`, intro, [...table, ...rows].join('\n')].join('\n\n');
}

function row({ name, type, isRequired, notes }: ReferenceAttribute): string {
  const { description, mark, reason } = notes;
  const meaning = reason === undefined ? description : `${description} No effect: ${reason}.`;
  const cells = [
    `\`${name}\``,
    shortened(type),
    isRequired ? '**required**' : standing(notes.default),
    markWords[mark ?? 'core'],
    meaning,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Patterns are everywhere; their two forms are told once. */
function shortened(type: string): string {
  return type.replaceAll('text or map of `regex`, `negate`', 'expression');
}

function standing(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value === '' ? 'empty' : value;
  return `\`${JSON.stringify(value)}\``;
}
