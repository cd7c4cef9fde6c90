/**
 * Small changes to try things with, made to fit what a repository holds: the demo's sample
 * repositories have a test that a change can fail, and every configuration file can be broken.
 */
import type { FileChanges } from '../actions/types.ts';
import { invalid } from '../errors.ts';

export type ChangeKind = 'passing' | 'failing' | 'configuration' | 'own';

/** What each change does, as its choice says it. */
export const changeWords: Readonly<Record<ChangeKind, string>> = {
  passing: 'A change that passes',
  failing: 'A change that fails',
  configuration: 'A mistake in the configuration',
  own: 'A change of your own',
};

/** Contents of a file on the branch that is changed; null when it is missing. */
export type ReadFile = (path: string) => Promise<string | null>;

const TOTAL = 'data/total.txt';
const PRICES = 'data/prices.txt';
const INDEX = 'index.html';
const CONFIGURATION = '.gatehouse.yaml';
/** The page that the failing change links to and that is not there. */
const MISSING = 'missing.html';

/** The changes that a repository offers, the plainest first. */
export async function changesFor(read: ReadFile): Promise<readonly ChangeKind[]> {
  const has = async (path: string) => (await read(path)) !== null;
  const hasTest = (await has(TOTAL)) || (await has(INDEX));
  const hasConfiguration = await has(CONFIGURATION);
  return [
    'passing',
    ...(hasTest ? (['failing'] as const) : []),
    ...(hasConfiguration ? (['configuration'] as const) : []),
  ];
}

/**
 * The files of a sample change.
 *
 * @param stamp makes one change differ from the next
 * @throws Refusal 422 when the repository has nothing that it could change
 */
export async function sampleFiles(
  kind: Exclude<ChangeKind, 'own'>,
  read: ReadFile,
  stamp: string,
): Promise<FileChanges> {
  const notes = { 'NOTES.md': `A small change, made at ${stamp}.\n` };
  if (kind === 'passing') return { ...notes, ...(await repairs(read)) };
  if (kind === 'configuration') return misspell(await read(CONFIGURATION));
  if ((await read(TOTAL)) !== null) return { ...notes, [TOTAL]: '0\n' };
  const index = await read(INDEX);
  if (index !== null) {
    return { ...notes, [INDEX]: `${index}<a href="${MISSING}">Made at ${stamp}</a>\n` };
  }
  throw invalid('No change is known that fails here; write one of your own');
}

/** What an earlier failing change has to be followed by. */
async function repairs(read: ReadFile): Promise<FileChanges> {
  const prices = await read(PRICES);
  const total = await read(TOTAL);
  const index = await read(INDEX);
  const sum = (prices ?? '')
    .split('\n')
    .reduce((total, line) => total + (Number(line.split(' ')[1]) || 0), 0);
  const isWrong = prices !== null && total !== null && total.trim() !== String(sum);
  return {
    ...(isWrong ? { [TOTAL]: `${sum}\n` } : {}),
    ...(index?.includes(MISSING) === true ? { [MISSING]: '<!doctype html>\n' } : {}),
  };
}

function misspell(configuration: string | null): FileChanges {
  if (configuration === null) throw invalid(`There is no ${CONFIGURATION} here`);
  const mistake = '- job:\n    name: docs\n    run: sh ci/docs.sh\n    timeuot: 60\n';
  return { [CONFIGURATION]: `${configuration.replace(/\n*$/, '\n')}${mistake}` };
}
