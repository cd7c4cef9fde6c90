/** What people do in the stories. */
import type { FileChanges, PullResult } from '@gatehouse/github-sim';
import type { House } from './house.ts';

/** A repository whose pull requests run one command. */
export function withJob(run: string, attributes = ''): Record<string, string> {
  return {
    'README.md': '# api\n',
    '.gatehouse.yaml': `- job: {name: unit, run: ${JSON.stringify(run)}${attributes}}\n- project:\n    check: {jobs: [unit]}\n`,
  };
}

/** A branch, in `acme/api` or in the repository that is named. */
export type Place = string | { readonly branch: string; readonly repository: string };

/** A writer proposes a change; its title is its branch's name. */
export async function propose(
  house: House,
  files: FileChanges = { 'change.txt': 'new\n' },
  place: Place = 'change',
): Promise<PullResult> {
  const { branch, repository } =
    typeof place === 'string' ? { branch: place, repository: 'acme/api' } : place;
  const on = { repository, user: 'ada' };
  await house.sim.act.pushCommit({ ...on, branch, files });
  return house.sim.act.openPullRequest({ ...on, head: branch, title: branch });
}

/** A stranger proposes a change from a fork. */
export async function proposeFromFork(
  house: House,
  files: FileChanges = { 'change.txt': 'from outside\n' },
  repository = 'acme/api',
): Promise<PullResult> {
  const { act } = house.sim;
  const fork = await act.forkRepository({ repository, owner: 'sam' });
  await act.pushCommit({ repository: fork.repository, user: 'sam', branch: 'change', files });
  const title = 'From outside';
  return act.openPullRequest({ repository, user: 'sam', head: 'sam:change', title });
}
