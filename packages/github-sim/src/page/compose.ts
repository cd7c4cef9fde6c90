/**
 * What the page's own forms do in several steps: opening a pull request with a sample change, and
 * pushing another commit. Each step is an action that a person could take alone.
 */
import type { FileChanges, SimActions } from '../actions/types.ts';
import { invalid } from '../errors.ts';
import { type ChangeKind, sampleFiles } from './sample-changes.ts';

/** The form "New pull request". */
export interface OpenInput {
  readonly repository: string;
  readonly user: string;
  readonly title: string;
  readonly body: string;
  readonly change: ChangeKind;
  readonly fromFork: boolean;
  readonly draft: boolean;
  /** Of a change of one's own. */
  readonly path: string;
  readonly content: string;
}

/** Changes a file on a new branch, here or in the person's fork, and proposes it. */
export async function openWithChange(
  act: SimActions,
  input: OpenInput,
  stamp: Date,
): Promise<{ url: string }> {
  const { repository, user, body, draft, fromFork } = input;
  const title = input.title.trim() === '' ? TITLES[input.change] : input.title.trim();
  const home = fromFork ? await ownFork(act, repository, user) : repository;
  const files = await filesOf(act, input, { home, stamp });
  const branch = branchName(title, stamp);
  await act.pushCommit({ repository: home, branch, user, files, message: title });
  const head = fromFork ? `${user}:${branch}` : branch;
  const words = body.trim() === '' ? {} : { body };
  const pull = await act.openPullRequest({ repository, user, head, title, draft, ...words });
  return { url: `/${pull.repository}/pull/${pull.number}` };
}

/** Pushes a sample change to the head of a pull request, as somebody who may. */
export async function pushChange(
  act: SimActions,
  input: { repository: string; number: number; user: string; change: ChangeKind },
  stamp: Date,
): Promise<{ sha: string }> {
  const { repository, number, user, change } = input;
  if (change === 'own') throw invalid('Push a change of your own with git');
  const { head } = await act.pullRequest({ repository, number });
  const [branch = head, owner] = head.split(':').reverse();
  const home = owner === undefined ? repository : await findFork(act, repository, owner);
  if (home === null) throw invalid(`The fork of ${owner} is gone`);
  const read = reader(act, home, branch);
  const files = await sampleFiles(change, read, stamp.toISOString());
  return act.pushCommit({ repository: home, branch, user, files, message: TITLES[change] });
}

/** Reads files of a branch. */
export function reader(act: SimActions, repository: string, ref: string) {
  return async (path: string) => (await act.readFile({ repository, path, ref })).content;
}

const TITLES: Readonly<Record<ChangeKind, string>> = {
  passing: 'Make a small change',
  failing: 'Break the tests',
  configuration: 'Add a job with a mistake',
  own: 'Make a change',
};

async function filesOf(
  act: SimActions,
  input: OpenInput,
  on: { home: string; stamp: Date },
): Promise<FileChanges> {
  if (input.change === 'own') {
    const path = input.path.trim();
    if (path === '') throw invalid('Name the file that you change');
    return { [path]: `${input.content.replace(/\r\n/g, '\n').replace(/\n*$/, '')}\n` };
  }
  const { repositories } = await act.overview({ repository: on.home });
  const read = reader(act, on.home, repositories[0]?.defaultBranch ?? 'main');
  return sampleFiles(input.change, read, on.stamp.toISOString());
}

/** A person's fork, made when there is none. */
async function ownFork(act: SimActions, repository: string, owner: string): Promise<string> {
  const fork = await findFork(act, repository, owner);
  return fork ?? (await act.forkRepository({ repository, owner })).repository;
}

async function findFork(act: SimActions, repository: string, owner: string) {
  const { repositories } = await act.overview();
  const found = repositories.find(
    (each) =>
      each.forkOf?.toLowerCase() === repository.toLowerCase() &&
      each.repository.toLowerCase().startsWith(`${owner.toLowerCase()}/`),
  );
  return found?.repository ?? null;
}

/** Words of the title, and the time in base 36, so that names do not meet. */
function branchName(title: string, stamp: Date): string {
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? ['change'];
  return `${words.slice(0, 4).join('-').slice(0, 40)}-${stamp.getTime().toString(36).slice(-5)}`;
}
