/** What can be wrong with the text of a file, before it means anything. */
import { depthMax, fileCharactersMax, fileItemsMax, fileValuesMax } from '../limits.ts';
import { error, meanOr, quoted } from '../problems.ts';

/** Remedies for what the YAML reader finds, by its own code. */
const yamlRemedies: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces; YAML does not allow tabs.',
  BAD_INDENT: 'Line the text up with the entries around it.',
  MULTIPLE_DOCS: 'Keep one document per file: remove the second `---`.',
  MISSING_CHAR:
    'Close the quote or bracket, or add the missing `,` or `:` (with a space behind it).',
  BLOCK_IN_FLOW: 'Put text that holds `: ` or begins with `- ` in quotes.',
  BLOCK_AS_IMPLICIT_KEY:
    'Put text that holds `: ` in quotes, or start the nested part on a line of its own.',
  MULTILINE_IMPLICIT_KEY: 'Write `key: value` on one line, or add the missing `:`.',
  BAD_SCALAR_START: 'Put the text in quotes.',
  BAD_DQ_ESCAPE: 'Use single quotes, in which a backslash stands for itself.',
  UNEXPECTED_TOKEN: 'Check the indentation, quotes and brackets before this place.',
};

/** Sentences about text and YAML. */
export const ofFiles = {
  fileTooLarge: (characters: number) =>
    error(
      'file-too-large',
      `the file has ${characters} characters; at most ${fileCharactersMax} are read`,
      'Split it into several files in `.gatehouse.d/`.',
    ),
  tooElaborate: (limit: number) =>
    error(
      'too-elaborate',
      `this file and those before it hold more than ${limit} characters that take long to read`,
      'Shorten it, or write it in plainer YAML: without anchors, tags and texts over several lines.',
    ),
  tooManyFiles: (files: number, limit: number) =>
    error(
      'too-many-files',
      `the configuration has ${files} files; at most ${limit} are read`,
      'Join some of them.',
    ),
  notText: (code: number) =>
    error(
      'not-text',
      `this is not a text file: it has the character U+${code.toString(16).padStart(4, '0').toUpperCase()}`,
      'Remove the character, or move the file out of the configuration directory.',
    ),
  brokenYaml: (code: string, message: string) =>
    error(
      'broken-yaml',
      `the file is not valid YAML: ${yamlFault(code, message)}`,
      isOpenBracket(message) ? 'Close the bracket.' : (yamlRemedies[code] ?? null),
    ),
  notAList: (shape: 'map' | 'scalar') =>
    error(
      'not-a-list',
      `a configuration file is a list of items, but this is a ${shape === 'map' ? 'map' : 'text'}`,
      'Begin each item with `- `, for example `- job: {name: unit, run: npm test}`.',
    ),
  tooManyItems: (items: number) =>
    error(
      'too-many-items',
      `the file has ${items} items; at most ${fileItemsMax} are read`,
      'Split it into several files in `.gatehouse.d/`.',
    ),
  tooManyValues: () =>
    error(
      'too-many-values',
      `the file has more than ${fileValuesMax} values once its aliases are followed`,
      'Use fewer aliases of aliases.',
    ),
  tooDeep: () =>
    error('too-deep', `maps and lists are nested more than ${depthMax} levels deep`, 'Nest less.'),
  tooManyProblems: (hidden: number) =>
    error('too-many-problems', `${hidden} further problems are not shown`),
  duplicateKey: (key: string) =>
    error('duplicate-key', `the key ${quoted(key)} stands twice in one map`, 'Remove one of them.'),
  badKey: (key: string) =>
    error('bad-key', `${quoted(key)} cannot be used as a key`, 'Choose another name.'),
  keyNotText: () =>
    error(
      'key-not-text',
      'a key must be plain text',
      'If this is a template such as `{{ name }}`, put it in quotes.',
    ),
  mergeNeedsMap: () =>
    error('bad-merge', '`<<` takes a map, or a list of maps', 'Point it at an alias of a map.'),
  unknownAlias: (name: string, known: Iterable<string>) =>
    error(
      'unknown-alias',
      `the alias ${quoted(`*${name}`)} has no anchor before it in this file`,
      meanOr(name, known, `Mark the value it stands for with \`&${name}\`, in the same file.`),
    ),
  aliasInSecret: () =>
    error(
      'unknown-alias',
      'this alias in a secret has no anchor before it in this file',
      'Put text that begins with `*` in quotes.',
    ),
  tagInSecret: () =>
    error(
      'unknown-tag',
      'this tag in a secret is not known',
      'Write `!encrypted/pkcs1-oaep`. Put text that begins with `!` in quotes.',
    ),
  brokenAlias: (name: string) =>
    error(
      'broken-alias',
      `the alias ${quoted(`*${name}`)} stands inside its own anchor, or for a value with an error`,
      'Let it point at a value that is complete.',
    ),
  unknownTag: (tag: string) =>
    error(
      'unknown-tag',
      `the tag ${quoted(tag)} is not known`,
      'Known tags: `!encrypted/pkcs1-oaep`, `!unsafe`, `!override`, `!inherit`. Put text that begins with `!` in quotes.',
    ),
  misplacedTag: (tag: string, where: string) =>
    error('misplaced-tag', `the tag ${quoted(tag)} has no meaning here`, where),
} as const;

/** The library's words, but for those that speak of its own use or of how it reads. */
function yamlFault(code: string, message: string): string {
  if (code === 'RESOURCE_EXHAUSTION') return 'it is nested too deeply';
  if (code === 'MULTIPLE_DOCS') return 'it holds several documents';
  const [, quote] = /^Missing closing (.)quote/.exec(message) ?? [];
  if (quote !== undefined) return `a ${quote} that opens here is not closed`;
  // No more of the escape than its letter: what follows could be a part of a secret.
  if (code === 'BAD_DQ_ESCAPE') return sentence(message).replace(/(\\.).*$/, '$1');
  if (isOpenBracket(message)) {
    return `a \`${message.includes('Flow map') ? '{' : '['}\` before this place is not closed, or what is inside it is not indented`;
  }
  return sentence(message);
}

function isOpenBracket(message: string): boolean {
  return message.startsWith('Flow ') && message.includes('end with a');
}

/** A library's message as the tail of our sentence: first line, no final stop, lower case. */
function sentence(message: string): string {
  // What it quotes could be a secret.
  const quoteless = (message.split('\n')[0] ?? '').replace(/(?: in YAML stream)?: ".*$/, '');
  const line = quoteless.trim().replace(/[.:]$/, '');
  return line.charAt(0).toLowerCase() + line.slice(1);
}
