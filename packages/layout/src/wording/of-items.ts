/** What can be wrong with an item by itself. */
import { allOf, anyOf, didYouMean, error, meanOr, quoted, warning } from '../problems.ts';

/** Sentences about items and their attributes. */
export const ofItems = {
  itemNotMap: (found: string) =>
    error(
      'item-not-map',
      `an item is a map with one key, its type, not ${found}`,
      'Write `- job:` (or `project`, `pipeline` …) and indent its attributes below it.',
    ),
  itemKeys: (keys: readonly string[]) =>
    error(
      'item-keys',
      keys.length === 0
        ? 'the item is empty'
        : `an item has exactly one key, its type; this one has ${allOf(keys)}`,
      'Indent the attributes below the type, and begin each item with `- `.',
    ),
  jobEntryKeys: (names: readonly string[]) =>
    error(
      'job-entry',
      names.length === 0
        ? 'this entry names no job'
        : `an entry of a list of jobs is one job, not ${allOf(names)} at once`,
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
      meanOr(key, known, `Attributes: ${firstOf(known)}.`),
    ),
  missingKey: (key: string, what: string) =>
    error('missing-key', `${what} needs ${quoted(key)}`, `Add \`${key}: …\`.`),
  wrongType: (name: string, seen: { expected: string; found: string; remedy?: string | null }) =>
    error('wrong-type', `${name} must be ${seen.expected}, not ${seen.found}`, seen.remedy ?? null),
  notAllowed: (name: string, value: unknown, allowed: readonly unknown[]) =>
    error(
      'not-allowed',
      `${name} cannot be ${quoted(value)}`,
      typeof value === 'string'
        ? meanOr(value, allowed.map(String), `Write ${anyOf(allowed)}.`)
        : `Write ${anyOf(allowed)}.`,
    ),
  outOfRange: (name: string, value: unknown, bound: string) =>
    error(
      'out-of-range',
      `${name} must be ${bound}${value === '' ? '' : `, not ${quoted(value)}`}`,
    ),
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
  doesNotFitAction: (attribute: string, actions: readonly string[]) =>
    warning(
      'does-not-fit',
      `${quoted(attribute)} means nothing for the action ${anyOf(actions)}, so the filter never matches on it`,
      'Remove it, or correct `action`.',
    ),
  neverMatches: (attribute: string, value: string, known: readonly string[]) =>
    warning(
      'never-matches',
      `no event has ${attribute} ${quoted(value)}`,
      didYouMean(value, known) ?? otherWord(value) ?? `Known: ${known.join(', ')}.`,
    ),

  matchesMore: (name: string) =>
    warning(
      'matches-more',
      `${quoted(name)} also matches what only begins with it, such as ${quoted(`${name}-2`)}`,
      `Write ${quoted(`^${name.replaceAll('.', '\\.')}$`)} to match that name alone.`,
    ),

  badPattern: (source: string, reason: string) =>
    error(
      'bad-pattern',
      `${quoted(source)} is not a regular expression: ${reason}`,
      source.startsWith('*')
        ? `A \`*\` repeats what stands before it. Write ${quoted(likeGlob(source))} for what ${quoted(source)} means to a shell.`
        : 'Regular expressions are RE2; escape special characters with a backslash.',
    ),
  lookAround: (source: string) =>
    warning(
      'look-around',
      `${quoted(source)} uses look-around, back-references or other syntax that RE2 lacks, which cannot be run here in bounded time; a run that needs it ends as a configuration error`,
      'Use a list of plain expressions, `{regex: …, negate: true}`, or a leading `^(?!…)`.',
    ),
  needsLookAround: (source: string, what: string) =>
    error(
      'look-around',
      `${what} needs ${quoted(source)}, which uses look-around, back-references or other syntax that RE2 lacks`,
      'Use a list of plain expressions, `{regex: …, negate: true}`, or a leading `^(?!…)`.',
    ),
  unknownField: (field: string, known: readonly string[]) =>
    error(
      'unknown-field',
      `${quoted(`{${field}}`)} is not a field that values may use`,
      meanOr(field, known, `Fields: ${known.map((name) => `{${name}}`).join(', ')}.`),
    ),
  belowConnection: (name: string, key: string) =>
    error(
      'misplaced-attribute',
      `${quoted(name)} stands where the name of a connection belongs`,
      `Write \`${key}: {github: {${name}: …}}\`.`,
    ),
  belowPipeline: (name: string) =>
    error(
      'misplaced-attribute',
      `${quoted(name)} belongs below the name of a pipeline`,
      'Write `check: {jobs: […]}`.',
    ),
  listOfJobs: (pipeline: string) =>
    error(
      'wrong-type',
      `the pipeline ${quoted(pipeline)} must be a map, not a list`,
      `Put the list below \`jobs\`: \`${pipeline}: {jobs: […]}\`.`,
    ),
  cleanupElsewhere: (attribute: string) =>
    error(
      'misplaced-attribute',
      `\`cleanup\` means nothing in ${quoted(attribute)}`,
      'Move the step to `post-run`.',
    ),
  mergeModeElsewhere: (mode: string) =>
    warning(
      'no-effect',
      `${quoted(`merge-mode: ${mode}`)} has no effect: GitHub cannot merge in this way, so its default is used`,
      'Write `merge`, `squash-merge` or `rebase`.',
    ),
  badCron: (time: string, reason: string) =>
    error(
      'bad-time',
      `${quoted(time)} is no time to start at: ${reason}`,
      'Write five fields: minute, hour, day of the month, month, day of the week (0 is Monday); a sixth for seconds and a seventh for jitter may follow.',
    ),
  badEncrypted: () =>
    error(
      'wrong-type',
      'an encrypted value must be a text or a list of texts',
      'Copy it as the encrypting tool wrote it.',
    ),
  secretTwofold: () =>
    error(
      'not-allowed',
      'a secret holds `data` or is a token of `oidc`, not both',
      'Make two secrets of it.',
    ),
  nodeTwice: (name: string) =>
    error('duplicate-name', `two nodes are named ${quoted(name)}`, 'Rename one of them.'),
  groupTwice: (name: string) =>
    error('duplicate-name', `two groups are named ${quoted(name)}`, 'Rename one of them.'),
  nodeNamedLocalhost: () =>
    error('not-allowed', 'a node cannot be named `localhost`', 'Choose another name.'),
  noSuchNode: (name: string, group: string, known: readonly string[]) =>
    error(
      'undefined-node',
      `the group ${quoted(group)} names ${quoted(name)}, which is no node of this nodeset`,
      meanOr(name, known, 'Add the node, or correct the name.'),
    ),
  nodesetEmpty: () =>
    error('missing-key', 'a nodeset needs `nodes` or `alternatives`', 'Add `nodes: […]`.'),
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
} as const;

/** Attributes that a message lists at most; the reference has them all. */
const attributesListed = 25;

/** A list that people still read to its end. */
function firstOf(names: readonly string[]): string {
  const rest = names.length - attributesListed;
  const shown = names.slice(0, attributesListed).join(', ');
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}

/** A file pattern of a shell as a regular expression. */
function likeGlob(pattern: string): string {
  return `${pattern.replaceAll('.', '\\.').replace(/\*+/g, '.*')}$`;
}

/** Words of GitHub's and of other tools for what the language calls otherwise. */
const otherWords: Readonly<Record<string, string>> = {
  synchronize: 'changed',
  synchronized: 'changed',
  updated: 'changed',
  open: 'opened',
  close: 'closed',
  merged: 'closed',
  created: 'comment',
  commented: 'comment',
  label: 'labeled',
  draft: 'converted_to_draft',
  approve: 'approved',
  request_changes: 'changes_requested',
};

function otherWord(value: string): string | null {
  if (!Object.hasOwn(otherWords, value)) return null;
  return `Did you mean ${quoted(otherWords[value])}?`;
}
