/** Everything that `gatehouse explain` says to people besides the engine's own reasons. */
import type { DecidingFile } from '@gatehouse/layout';

/** How `gatehouse explain` can print. */
export const explainFormats = ['text', 'json'] as const;

/** Help of the command. */
export const explainHelp = {
  summary: 'Say why each job would run, or not.',
  description:
    'Say why each job runs or does not: for the configuration on this machine, for that of a ' +
    'repository on GitHub, or for one of its pull requests.',
  target:
    'directory, file, OWNER/NAME[@REF], or OWNER/NAME#NUMBER for a pull request on GitHub (with ' +
    'the settings of the service)',
  pipeline: 'only this pipeline (default: every one that the repository takes part in)',
  job: 'only this job',
  files: 'changed files, as a comma list; may be repeated (default: not known, no job is left out)',
} as const;

/** Why nothing can be explained; each says what to do. */
export const explainComplaints = {
  noPipeline: (name: string, repository: string, known: readonly string[]): string =>
    `${repository} has no pipeline ${name}. Give --pipeline one of: ${known.join(', ')}.`,
  noJob: (name: string, repository: string, known: readonly string[]): string =>
    known.length === 0
      ? `${repository} lists no jobs here, so none is named ${name}. Leave --job out.`
      : `${repository} lists no job ${name} here. Give --job one of: ${known.join(', ')}.`,
  pullHasItsOwn:
    '--branch, --files, --repository, --owner and --as-owner are not for a pull request. Leave ' +
    'them out: it says itself where it goes and what it changes.',
  noFiles: '--files names no file. Write --files src/a.ts,docs/b.md, or leave it out.',
} as const;

/** Files that are named; the rest is counted. */
const filesNamedMax = 5;

/** What is said about decisions. */
export const explainWords = {
  builtIn: 'built in',
  decidedAt: 'decided at',
  listedAt: 'listed at',
  madeOf: 'made of',
  leftOut: 'left out',
  untrusted: 'for an untrusted head',
  jobError: (name: string): string => `Job ${name} has an error.`,
  decidingFile: ({ attribute, file, pattern }: DecidingFile): string =>
    pattern === null
      ? `${file} matches nothing in ${attribute}.`
      : `${file} matches ${pattern} in ${attribute}.`,
  only: (branches: readonly string[]): string =>
    branches.length === 0 ? '' : `, only for branches ${branches.join(' or ')}`,
  otherStanza: ({ place, branches }: { place: string; branches: readonly string[] }): string =>
    `The project at ${place} is only for ${branches.join(' or ')}.`,
  branch: (branch: string, isAssumed: boolean): string =>
    `for a change to the branch ${branch}${isAssumed ? ' (--branch names another)' : ''}`,
  pull: (title: string, author: string, branch: string): string =>
    `"${title}" by ${author}, to the branch ${branch}`,
  files: (files: readonly string[] | null): string => {
    if (files === null) return 'The changed files are not known: no job is left out for its files.';
    const named = files.slice(0, filesNamedMax).join(', ');
    const rest = files.length - filesNamedMax;
    return `Changed files: ${named}${rest > 0 ? ` and ${rest} more` : ''}.`;
  },
  ownIsUsed: (isMerged: boolean): string =>
    'It changes the configuration: its own is used, as ' +
    `${isMerged ? 'merged with the branch' : 'its head has it (GitHub offers no merge of it)'}.`,
  baseIsUsed: "It does not change the configuration: the branch's is used.",
  brokenProposal:
    'Nothing runs: its configuration has errors that the branch does not have. Put them right:',
  broken: (name: string, place: string): string =>
    `pipeline ${name}  (has an error at ${place}: nothing runs in it)`,
  noPipelines: (repository: string): string =>
    `${repository} takes part in no pipeline. A project with a pipeline's jobs makes it do so; ` +
    'docs/configuration.md shows one.',
  nothingRuns: 'Nothing runs in it until this is put right.',
  baseDecides: (jobs: readonly string[]): string =>
    `The branch's own configuration decides instead; ${jobs.length === 0 ? 'no job runs' : `jobs: ${jobs.join(', ')}`}.`,
  pipelineWaits: 'The whole pipeline waits until somebody with write access approves the commit.',
  noVotingLeft:
    "It waits for an approval, because the change's own configuration leaves none of the base's voting jobs.",
  jobsWait: (risks: readonly string[]): string =>
    `Nothing runs before an approval: ${risks.join('; ')}.`,
  same: 'The same runs for a head that nobody has approved.',
  risks: {
    command: 'runs a command',
    workflow: 'dispatches a workflow',
    secrets: 'gets secrets',
    altered: 'is altered by the change',
  },
} as const;
