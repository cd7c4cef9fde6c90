/**
 * Every sentence that a repository owner can read about configuration, in one place. A message
 * says what was found, with the offending text in backquotes; a remedy says what to write instead.
 */
import type { ConfigurationProblem } from '@gatehouse/model';
import type { SourcePlace } from './layout.ts';
import {
  depthMax,
  fileCharactersMax,
  fileItemsMax,
  fileValuesMax,
  patternCharactersMax,
  quotedCharactersMax,
} from './limits.ts';
import { nearest } from './nearest.ts';
import type { Span } from './yaml/located.ts';

/** A problem without its place. */
export interface ProblemText {
  readonly level: ConfigurationProblem['level'];
  /** Stable word for the kind of problem. */
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
}

/** A problem in one file; `span` null: the file as a whole. */
export interface LocalProblem extends ProblemText {
  readonly span: Span | null;
}

/** Puts a problem at its place in a file. */
export function locate(text: ProblemText, span: Span | null): LocalProblem {
  return { ...text, span };
}

/** Puts a problem at the place of a definition. */
export function problemAt(text: ProblemText, place: SourcePlace | null): ConfigurationProblem {
  const { level, code, message, remedy } = text;
  return {
    level,
    code,
    message,
    remedy,
    repository: place?.repository ?? '',
    branch: place?.branch ?? null,
    path: place?.path ?? '',
    range: place === null ? null : (place.range ?? lineOf(place.line)),
  };
}

function lineOf(line: number) {
  return { startLine: line, startColumn: 1, endLine: line, endColumn: 2 };
}

/** Where a definition stands, for a sentence: `acme/api .gatehouse.yaml:7`. */
export function placeText(place: SourcePlace | null): string {
  return place === null ? 'another place' : `${place.repository} ${place.path}:${place.line}`;
}

/** Text from a file in backquotes: on one line, shortened, without backquotes of its own. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  const line = text.replaceAll('`', "'").replace(/\s+/g, ' ');
  const isLong = line.length > quotedCharactersMax;
  return `\`${isLong ? `${line.slice(0, quotedCharactersMax - 1)}…` : line}\``;
}

/** `a, b or c`, each in backquotes. */
export function anyOf(values: readonly unknown[]): string {
  const words = values.map(quoted);
  const last = words.pop();
  return words.length === 0 ? (last ?? 'nothing') : `${words.join(', ')} or ${last}`;
}

function error(code: string, message: string, remedy: string | null = null): ProblemText {
  return { level: 'error', code, message, remedy };
}

function warning(code: string, message: string, remedy: string | null = null): ProblemText {
  return { level: 'warning', code, message, remedy };
}

function didYouMean(word: string, known: Iterable<string>): string | null {
  const candidate = nearest(word, known);
  return candidate === null ? null : `Did you mean ${quoted(candidate)}?`;
}

function meanOr(word: string, known: Iterable<string>, otherwise: string | null) {
  return didYouMean(word, known) ?? otherwise;
}

/** Remedies for what the YAML reader finds, by its own code. */
const yamlRemedies: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces; YAML does not allow tabs.',
  BAD_INDENT: 'Line the text up with the entries around it.',
  MULTIPLE_DOCS: 'Keep one document per file: remove the second `---`.',
  MISSING_CHAR: 'Close the quote or bracket, or add the missing `:` or `,`.',
  BLOCK_AS_IMPLICIT_KEY: 'Start the nested part on a line of its own, indented further.',
  MULTILINE_IMPLICIT_KEY: 'Write `key: value` on one line, or add the missing `:`.',
  BAD_SCALAR_START: 'Put the text in quotes.',
  BAD_DQ_ESCAPE: 'Use single quotes, in which a backslash stands for itself.',
  UNEXPECTED_TOKEN: 'Check the indentation, quotes and brackets before this place.',
};

/** The wording of every problem, by its kind. */
export const wording = {
  fileTooLarge: (characters: number) =>
    error(
      'file-too-large',
      `the file has ${characters} characters; at most ${fileCharactersMax} are read`,
      'Split it into several files in `.gatehouse.d/`.',
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
      code === 'RESOURCE_EXHAUSTION'
        ? 'the YAML is nested too deeply to be read'
        : `the file is not valid YAML: ${sentence(message)}`,
      yamlRemedies[code] ?? null,
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
    error('too-many-problems', `${hidden} further problems of this file are not shown`),
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

  itemNotMap: () =>
    error(
      'item-not-map',
      'an item is a map with one key, its type',
      'Write `- job:` (or `project`, `pipeline` …) and indent its attributes below it.',
    ),
  itemKeys: (keys: readonly string[]) =>
    error(
      'item-keys',
      keys.length === 0
        ? 'the item is empty'
        : `an item has exactly one key, its type; this one has ${anyOf(keys)}`,
      'Indent the attributes below the type, and begin each item with `- `.',
    ),
  jobEntryKeys: (names: readonly string[]) =>
    error(
      'job-entry',
      names.length === 0
        ? 'this entry names no job'
        : `an entry of a list of jobs is one job, not ${anyOf(names)} at once`,
      'Write `- name`, or `- name:` with its attributes indented below it.',
    ),
  unknownItem: (type: string, known: readonly string[]) =>
    error(
      'unknown-item',
      `${quoted(type)} is not a type of item`,
      meanOr(type, known, `Types: ${known.join(', ')}.`),
    ),
  ignoredItem: (type: string) =>
    warning(
      'no-effect',
      `${quoted(type)} items configure Zuul's node launcher; Gatehouse has none, so they have no effect`,
    ),

  unknownKey: (key: string, what: string, known: readonly string[]) =>
    error(
      'unknown-key',
      `${what} has no attribute ${quoted(key)}`,
      meanOr(key, known, `Attributes: ${known.join(', ')}.`),
    ),
  missingKey: (key: string, what: string) =>
    error('missing-key', `${what} needs ${quoted(key)}`, `Add \`${key}: …\`.`),
  wrongType: (name: string, seen: { expected: string; found: string; remedy?: string | null }) =>
    error('wrong-type', `${name} must be ${seen.expected}, not ${seen.found}`, seen.remedy ?? null),
  notAllowed: (name: string, value: unknown, allowed: readonly unknown[]) =>
    error(
      'not-allowed',
      `${name} cannot be ${quoted(value)}`,
      meanOr(String(value), allowed.map(String), `Write ${anyOf(allowed)}.`),
    ),
  outOfRange: (name: string, value: unknown, bound: string) =>
    error('out-of-range', `${name} must be ${bound}, not ${quoted(value)}`),
  malformed: (name: string, value: unknown, remedy: string) =>
    error('malformed', `${name} cannot be ${quoted(value)}`, remedy),

  noEffectYet: (name: string) =>
    warning('no-effect-yet', `${quoted(name)} is accepted, no effect yet`),
  noEffect: (name: string, reason: string) =>
    warning('no-effect', `${quoted(name)} has no effect: ${reason}`),
  deprecated: (name: string, instead: string) =>
    warning('deprecated', `${quoted(name)} is an old form`, instead),
  otherConnection: (kind: string, name: string) =>
    warning(
      'other-connection',
      `the ${kind} ${quoted(name)} belongs to a connection that is not GitHub; it has no effect`,
    ),
  doesNotFit: (attribute: string, event: string) =>
    warning(
      'does-not-fit',
      `${quoted(attribute)} means nothing for the event ${quoted(event)}, so the filter never matches on it`,
      'Remove it.',
    ),
  neverMatches: (attribute: string, value: string, known: readonly string[]) =>
    warning(
      'never-matches',
      `no event has ${attribute} ${quoted(value)}`,
      meanOr(value, known, `Known: ${known.join(', ')}.`),
    ),

  badPattern: (source: string, reason: string) =>
    error(
      'bad-pattern',
      `${quoted(source)} is not a regular expression: ${reason}`,
      'Regular expressions are RE2; escape special characters with a backslash.',
    ),
  patternTooLong: (characters: number) =>
    error(
      'bad-pattern',
      `a regular expression of ${characters} characters; at most ${patternCharactersMax} are read`,
      'Use a list of shorter ones.',
    ),
  lookAround: (source: string) =>
    warning(
      'look-around',
      `${quoted(source)} uses look-around or back-references, which cannot be run here in bounded time; a run that needs it ends as a configuration error`,
      'Use a list of plain expressions, `{regex: …, negate: true}`, or a leading `^(?!…)`.',
    ),
  needsLookAround: (source: string, what: string) =>
    error(
      'look-around',
      `${what} needs ${quoted(source)}, which uses look-around or back-references`,
      'Use a list of plain expressions, `{regex: …, negate: true}`, or a leading `^(?!…)`.',
    ),
  unknownField: (field: string, known: readonly string[]) =>
    error(
      'unknown-field',
      `${quoted(`{${field}}`)} is not a field that values may use`,
      meanOr(field, known, `Fields: ${known.map((name) => `{${name}}`).join(', ')}.`),
    ),
  playbook: (entry: string) =>
    warning(
      'playbook',
      `${quoted(entry)} is an Ansible playbook; playbooks are not run here, so a build of this job ends in ERROR`,
      'Write the commands themselves, or the path of a script.',
    ),
  twoExecutors: (names: readonly string[]) =>
    error(
      'two-executors',
      `a job runs in one way, but this one has ${names.map(quoted).join(' and ')}`,
      'Keep one of `run` (with `pre-run`, `post-run`), `http` and `workflow`.',
    ),
  windowBelowFloor: (name: string, value: number, floor: number) =>
    error(
      'window-below-floor',
      `${quoted(name)} is ${value}, below the \`window-floor\` of ${floor}`,
      `Raise it to at least ${floor}, or lower \`window-floor\`.`,
    ),
  forbiddenVariable: (name: string) =>
    error('forbidden-variable', `a variable cannot be named ${quoted(name)}`, 'Rename it.'),
  timeoutTooLong: (name: string, seconds: number, limit: number) =>
    error(
      'timeout-too-long',
      `${quoted(name)} is ${seconds} s; at most ${limit} s are allowed here`,
      `Lower it to ${limit} or less.`,
    ),

  duplicateName: (type: string, name: string, first: string) =>
    error(
      'duplicate-name',
      `a ${type} named ${quoted(name)} is already defined at ${first}`,
      'Rename or remove one of them.',
    ),
  baseJobNotHere: (name: string) =>
    error(
      'not-permitted',
      `${quoted(name)} has \`parent: null\`; only the job \`base\` may have that outside the owner's configuration repository`,
      'Remove `parent: null`; the parent is then `base`.',
    ),
  foreignProject: (name: string, repository: string) =>
    error(
      'not-permitted',
      `this repository, ${repository}, may not configure ${quoted(name)}`,
      "Leave out `name`, or move the stanza to the owner's configuration repository.",
    ),
  pipelineTaken: (name: string) =>
    error(
      'not-permitted',
      `the pipeline ${quoted(name)} is defined in the owner's configuration repository and cannot be redefined here`,
      'Choose another name.',
    ),
  pipelineNotOnBranch: (name: string) =>
    warning(
      'no-effect',
      `the pipeline ${quoted(name)} has no effect: pipelines are read from the default branch only`,
    ),
  foreignWorkflow: (name: string) =>
    error(
      'not-permitted',
      `the job ${quoted(name)} runs a workflow of another repository, which only the owner's configuration repository may set`,
      'Remove `repository`.',
    ),
  undefinedName: (type: string, name: string, known: Iterable<string>) =>
    error(
      `undefined-${type}`,
      `no ${type} is named ${quoted(name)}`,
      meanOr(name, known, `Define it, or correct the name.`),
    ),
  undefinedPipelineInTemplate: (name: string, known: Iterable<string>) =>
    warning('undefined-pipeline', `no pipeline is named ${quoted(name)}`, didYouMean(name, known)),
  undefinedQueue: (name: string, known: Iterable<string>) =>
    warning(
      'undefined-queue',
      `no queue is named ${quoted(name)}; the project gets a queue of its own`,
      didYouMean(name, known),
    ),
  undefinedSemaphore: (name: string, known: Iterable<string>) =>
    warning(
      'undefined-semaphore',
      `no semaphore is named ${quoted(name)}; it is taken to allow one holder`,
      didYouMean(name, known),
    ),
  brokenName: (type: string, name: string, where: string) =>
    error(
      'broken-definition',
      `the ${type} ${quoted(name)} is defined with an error at ${where}`,
      'Correct the error there.',
    ),
  ambiguousName: (type: string, name: string, repositories: readonly string[]) =>
    error(
      'ambiguous-name',
      `the ${type} ${quoted(name)} is defined in several other repositories: ${repositories.join(', ')}`,
      "Define it here or in the owner's configuration repository.",
    ),
  inheritanceLoop: (names: readonly string[]) =>
    error(
      'inheritance-loop',
      `a job inherits from itself: ${names.join(' → ')}`,
      'Change one of the `parent` attributes.',
    ),
  dependencyLoop: (names: readonly string[]) =>
    error(
      'dependency-loop',
      `jobs wait for each other: ${names.join(' → ')}`,
      'Remove one of the `dependencies`.',
    ),
  dependencyNotRun: (job: string, dependency: string) =>
    error(
      'dependency-not-run',
      `job ${quoted(job)} depends on ${quoted(dependency)} which was not run`,
      `Add ${quoted(dependency)} to the same pipeline, or make the dependency \`soft: true\`.`,
    ),
  abstractJob: (job: string) =>
    error(
      'abstract-job',
      `job ${quoted(job)} is abstract and may not be run directly`,
      'Use a job that inherits from it.',
    ),
  finalParent: (job: string, parent: string) =>
    error(
      'final-job',
      `job ${quoted(job)} inherits from ${quoted(parent)}, which is final`,
      'Choose another parent.',
    ),
  finalVariant: (job: string, attributes: readonly string[]) =>
    error(
      'final-job',
      `job ${quoted(job)} is final; ${anyOf(attributes)} cannot be changed`,
      'Change only attributes such as `voting`, `files` and `dependencies`.',
    ),
  protectedJob: (job: string, protectedName: string, repository: string) =>
    error(
      'protected-job',
      `job ${quoted(job)} builds on ${quoted(protectedName)}, which is protected in ${repository}`,
      'Choose another parent.',
    ),
  intermediateNotAbstract: (job: string) =>
    error(
      'intermediate-job',
      `job ${quoted(job)} is intermediate but not abstract`,
      'Add `abstract: true`.',
    ),
  intermediateParent: (job: string, parent: string) =>
    error(
      'intermediate-job',
      `job ${quoted(job)} inherits from ${quoted(parent)}, which is intermediate: only abstract jobs may`,
      'Choose another parent, or add `abstract: true`.',
    ),
  attributeFrozen: (job: string, attribute: string) =>
    error(
      'final-attribute',
      `job ${quoted(job)} changes ${quoted(attribute)}, which its parent has made final`,
      'Remove it.',
    ),
  nothingToRun: (job: string) =>
    error(
      'nothing-to-run',
      `job ${quoted(job)} says nowhere what to run`,
      'Add `run`, `http` or `workflow` to it or to its parent.',
    ),
  projectNotAllowed: (job: string, repository: string) =>
    error(
      'project-not-allowed',
      `${repository} is not among the \`allowed-projects\` of job ${quoted(job)}`,
      'Remove the job from this project, or add the project there.',
    ),
  postReviewJob: (job: string, pipeline: string) =>
    error(
      'post-review-job',
      `job ${quoted(job)} runs only in post-review pipelines, and ${quoted(pipeline)} is none`,
      'Move it to a pipeline with `post-review: true`.',
    ),
  preparationOfOther: (job: string, executor: string) =>
    error(
      'two-executors',
      `job ${quoted(job)} adds \`pre-run\` or \`post-run\` to a parent that runs through ${quoted(executor)}`,
      'Remove them, or replace the executor with `run`.',
    ),
} as const;

/** A library's message as the tail of our sentence: first line, no final stop, lower case. */
function sentence(message: string): string {
  const line = (message.split('\n')[0] ?? '').trim().replace(/[.:]$/, '');
  return line.charAt(0).toLowerCase() + line.slice(1);
}
