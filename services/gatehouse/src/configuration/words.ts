/** Everything that `gatehouse lint` and `gatehouse show-layout` say to people. */
import type { Findings } from './findings.ts';
import type { OwnersErrors } from './runs.ts';

/** Names of configuration in the order in which they are looked for; the first is the whole. */
const lookedFor = '.gatehouse.yaml, .gatehouse.d/, zuul.yaml, zuul.d/, .zuul.yaml, .zuul.d/';

/** How `gatehouse lint` can print. */
export const lintFormats = ['text', 'json', 'sarif', 'github'] as const;

/** How `gatehouse show-layout` can print. */
export const layoutFormats = ['text', 'json'] as const;

/** Help of the commands. */
export const commandWords = {
  lint: 'Check configuration: files on this machine, or those of a repository on GitHub.',
  lintSummary: 'Check configuration before a run fails on it.',
  showLayoutSummary: 'Print what configuration resolves to.',
  showLayout: 'Print what the configuration of a repository resolves to, and where it comes from.',
  target: 'directory, file, or OWNER/NAME[@REF] on GitHub (with the settings of the service)',
  format: 'how to print',
  strict: 'let warnings count as errors',
  repository: 'name of the repository, OWNER/NAME (default: from the git remote "origin")',
  owner: "directory of the owner's configuration repository, to find what it defines",
  asOwner: "read it as an owner's configuration repository (default: when it is named .gatehouse)",
  branch: 'branch that the files stand on (default: any)',
  branchOfChanges:
    'branch that a change goes to (default: the default branch, as far as it is known)',
} as const;

/** Why nothing could be looked at; each says what to do. */
export const complaints = {
  noSuchTarget: (target: string): string =>
    `There is no file or directory ${target} here, and it is not the name of a repository ` +
    '(OWNER/NAME or OWNER/NAME@REF). Check the spelling, or the directory you are in.',
  nothingFound: (target: string): string =>
    `${target} has no configuration: none of ${lookedFor} is there. Begin with .gatehouse.yaml; ` +
    'docs/configuration.md says what goes into it.',
  notVisible: (name: string): string =>
    `GitHub shows no ${name} to the App: there is no such repository, or the App is not installed ` +
    "on it. Check the name, and the App's repositories on GitHub under Settings, Applications.",
  noSuchRef: (name: string, ref: string): string =>
    `${name} has no branch, tag or commit ${ref}. Write OWNER/NAME@REF with one that is on GitHub.`,
  noSuchPull: (name: string, number: number): string =>
    `GitHub shows no pull request ${name}#${number} to the App: there is none of that number, or ` +
    'the App is not installed on the repository. Check both on GitHub.',
  noPull: (target: string): string =>
    `${target} is a pull request, which only gatehouse explain takes. Write OWNER/NAME@BRANCH to ` +
    'look at the files of its branch.',
  needsSettings: (problems: string): string =>
    `To read from GitHub, the settings of the service are needed. ` +
    problems.replace('Gatehouse cannot start. ', '').trimEnd(),
  refused: (error: unknown): string =>
    `GitHub could not be asked: ${error instanceof Error ? error.message : String(error)}. Check ` +
    'GATEHOUSE_GITHUB_API_URL, GATEHOUSE_GITHUB_APP_ID and the private key.',
  unreadable: (path: string, reason: string): string =>
    `${path} cannot be read: ${reason}. Check that its files are there and may be read.`,
  badRepository: (name: string): string => `${name} is not a repository's name: write OWNER/NAME.`,
  onlyLocal:
    '--repository, --owner and --as-owner are for files on this machine. Leave them out: on GitHub ' +
    'the name says it.',
} as const;

/** The last line of what people read. */
export function summary({ errors, warnings, files, owners }: Findings): string {
  const isOthersFault = owners !== null && owners.met.length > 0;
  const inFiles = `in ${counted(files.length, 'file')}${isOthersFault ? ' of its own' : ''}`;
  if (errors === 0 && warnings === 0) return `No problems ${inFiles}.`;
  const parts = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ];
  return `${parts.join(', ')} ${inFiles}.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Words of the printed layout. */
export const layoutWords = {
  builtIn: 'built in',
  default: 'default',
  madeOf: 'made of',
  noPart: 'the project lists nothing for it',
  'left-out': 'not run on this branch',
  error: 'has an error',
  listed: 'listed at',
  hasErrors: (errors: number): string =>
    `${counted(errors, 'error')} in the configuration; gatehouse lint shows ${errors === 1 ? 'it' : 'them'}.`,
} as const;

/** Errors of the owner's that are listed; the command shows the rest. */
const metMax = 10;

/** What the owner's configuration has to do with a repository, a line each. */
export function ownersLines({ repository, count, met, command }: OwnersErrors): readonly string[] {
  const has = `${repository} has ${counted(count, 'error')}`;
  const see = `${command} shows ${count === 1 ? 'it' : 'them'}.`;
  if (met.length === 0) return [`${has} that this repository's pipelines do not meet; ${see}`];
  const listed = met
    .slice(0, metMax)
    .map(
      ({ message, repository: where, path, range }) =>
        `${message} (${where} ${path}${range === null ? '' : `:${range.startLine}`})`,
    );
  return [`${has}, and runs of this repository end with:`, ...listed, see];
}
