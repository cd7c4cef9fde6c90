/** Reviews, as far as they approve a head. */
import { type Approval, type CommitSha, permits, type RepositoryKey } from '@gatehouse/model';
import { z } from 'zod';
import { type GitHubContext, orNull, pathOf } from './context.ts';
import { type Client, resource } from './http/client.ts';
import { readPermission } from './permissions.ts';
import { pull } from './pulls.ts';

const reviews = resource(
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
  z.array(
    z.object({
      state: z.string(),
      commit_id: z.string().nullish(),
      /** Null when the account was deleted. */
      user: z.object({ login: z.string(), type: z.string() }).nullable(),
    }),
  ),
);

/** A comment leaves a vote as it was; these make a new one. */
const votes = ['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'];

export async function readApprovals(
  context: GitHubContext,
  at: { repository: RepositoryKey; number: number; headSha: CommitSha },
): Promise<readonly Approval[]> {
  const client = await context.installations.find(at.repository);
  if (client === null) return [];
  const parameters = { ...pathOf(at.repository), pull_number: at.number };
  const found = await orNull(client.read(pull, parameters));
  if (found === null) return [];
  const approvals: Approval[] = [];
  for (const login of await approversOf(client, parameters, at.headSha)) {
    if (login === found.user?.login) continue;
    const permission = await readPermission(context, at.repository, login);
    if (!permits(permission, 'write')) continue;
    approvals.push({ headSha: at.headSha, by: login, via: 'review' });
  }
  return approvals;
}

/** GitHub lists reviews oldest first, so the last vote of a person is the one that counts. */
async function approversOf(
  client: Client,
  parameters: { owner: string; repo: string; pull_number: number },
  headSha: CommitSha,
): Promise<readonly string[]> {
  const isApproving = new Map<string, boolean>();
  for await (const page of client.readPages(reviews, parameters)) {
    for (const review of page) {
      if (review.user === null || review.user.type === 'Bot') continue;
      if (!votes.includes(review.state)) continue;
      const isYes = review.state === 'APPROVED' && review.commit_id === headSha;
      isApproving.set(review.user.login, isYes);
    }
  }
  return [...isApproving].filter(([, isYes]) => isYes).map(([login]) => login);
}
