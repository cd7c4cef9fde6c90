/** What people do in the stories. */
import type { PullResult } from '@gatehouse/github-sim';
import type { House } from './house.ts';

/** A repository whose pull requests run one command. */
export function withJob(run: string, attributes = ''): Record<string, string> {
  return {
    'README.md': '# api\n',
    '.gatehouse.yaml': `- job: {name: unit, run: ${JSON.stringify(run)}${attributes}}\n- project:\n    check: {jobs: [unit]}\n`,
  };
}

/** A writer proposes a change. */
export async function propose(
  house: House,
  files: Readonly<Record<string, string>> = { 'change.txt': 'new\n' },
  branch = 'change',
): Promise<PullResult> {
  const on = { repository: 'acme/api', user: 'ada' };
  await house.sim.act.pushCommit({ ...on, branch, files });
  return house.sim.act.openPullRequest({ ...on, head: branch, title: 'A change' });
}

/** A stranger proposes a change from a fork. */
export async function proposeFromFork(
  house: House,
  files: Readonly<Record<string, string>> = { 'change.txt': 'from outside\n' },
): Promise<PullResult> {
  const { act } = house.sim;
  await act.forkRepository({ repository: 'acme/api', owner: 'sam' });
  await act.pushCommit({ repository: 'sam/api', user: 'sam', branch: 'change', files });
  const title = 'From outside';
  return act.openPullRequest({ repository: 'acme/api', user: 'sam', head: 'sam:change', title });
}
