/** What people do in the stories. */
import type { CheckRunView, FileChanges, PullResult } from '@gatehouse/github-sim';
import { adminToken, type House } from './house.ts';

/** A repository whose pull requests run one command. */
export function withJob(run: string, attributes = ''): Record<string, string> {
  return {
    'README.md': '# api\n',
    '.gatehouse.yaml': `- job: {name: unit, run: ${JSON.stringify(run)}${attributes}}\n- project:\n    check: {jobs: [unit]}\n`,
  };
}

/** Another owner with a repository `api`: what happens there is another tenant's. */
export async function addOwner(house: House, owner: string, files: FileChanges): Promise<void> {
  const { act } = house.sim;
  await act.createOrganization({ login: owner });
  await act.setMember({ organization: owner, user: 'olga', role: 'admin' });
  await addRepository(house, `${owner}/api`, files);
  await act.installApp({ app: 'gatehouse', owner });
}

/** Another repository of an owner, where `ada` may write too. */
export async function addRepository(
  { sim: { act } }: House,
  repository: string,
  files: FileChanges,
): Promise<void> {
  const [owner = '', name = ''] = repository.split('/');
  await act.createRepository({ owner, name, files, user: 'olga' });
  await act.setPermission({ repository, user: 'ada', permission: 'write' });
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

/** Asks the service as whoever holds the admin token. */
export function askAsAdmin(house: House, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...init.headers, authorization: `Bearer ${adminToken}` };
  return fetch(`${house.url}${path}`, { ...init, headers });
}

/** The whole log of a run's job, by the job's place in the run. */
export async function readLog(house: House, run: CheckRunView, job = 0): Promise<string> {
  const path = `/api/v1/builds/${run.externalId}.${job}/log`;
  const parts: string[] = [];
  for (let offset = '0'; ; ) {
    const answer = await askAsAdmin(house, `${path}?offset=${offset}`);
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${text}`);
    const next = answer.headers.get('x-log-next-offset') ?? offset;
    parts.push(text);
    if (next === offset) return parts.join('');
    offset = next;
  }
}
