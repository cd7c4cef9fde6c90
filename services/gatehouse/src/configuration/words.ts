/** Everything that `gatehouse lint` and `gatehouse show-layout` say to people. */

/** Names of configuration in the order in which they are looked for; the first is the whole. */
const lookedFor = '.gatehouse.yaml, .gatehouse.d/, zuul.yaml, zuul.d/, .zuul.yaml, .zuul.d/';

/** How `gatehouse lint` can print. */
export const lintFormats = ['text', 'json', 'sarif', 'github'] as const;

/** How `gatehouse show-layout` can print. */
export const layoutFormats = ['text', 'json'] as const;

/** Help of the commands. */
export const commandWords = {
  lint: 'Check configuration: files on this machine, or those of a repository on GitHub.',
  showLayout: 'Print what the configuration of a repository resolves to, and where it comes from.',
  target: 'directory, file, or OWNER/NAME[@REF] on GitHub (with the settings of the service)',
  format: 'how to print',
  strict: 'let warnings count as errors',
  repository: 'name of the repository, OWNER/NAME (default: from the git remote "origin")',
  owner: "directory of the owner's configuration repository, to find what it defines",
  asOwner: "read it as an owner's configuration repository (default: when it is named .gatehouse)",
  branch: 'branch that the files stand on (default: any)',
} as const;

/** Why nothing could be looked at; each says what to do. */
export const complaints = {
  noSuchTarget: (target: string): string =>
    `There is no file or directory ${target} here, and it is not the name of a repository ` +
    '(OWNER/NAME or OWNER/NAME@REF).',
  nothingFound: (target: string): string =>
    `${target} has no configuration: none of ${lookedFor} is there.`,
  notVisible: (target: string): string =>
    `GitHub shows no ${target} to the App: there is no such repository or ref, or the App is not ` +
    'installed on it.',
  unreadable: (path: string, reason: string): string => `${path} cannot be read: ${reason}`,
  badRepository: (name: string): string => `${name} is not a repository's name: write OWNER/NAME.`,
  onlyLocal: '--repository, --owner and --as-owner are for files on this machine.',
} as const;

/** The last line of what people read. */
export function summary(errors: number, warnings: number, files: number): string {
  const inFiles = `in ${counted(files, 'file')}`;
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
