/** Git data: test merges, branches and merges of the speculative states. */
import { type CommitSha, GatehouseError, type RepositoryKey } from '@gatehouse/model';
import type { MergeOutcome, StateBuilder, TestMerge } from '@gatehouse/ports';
import { z } from 'zod';
import { fieldsOf, type GitHubContext, orNull, pathOf, shaFrom } from './context.ts';
import { type Client, resource } from './http/client.ts';
import { reasonOf, statusOf } from './http/errors.ts';
import { pull } from './pulls.ts';

const gitRef = resource(
  'GET /repos/{owner}/{repo}/git/ref/{ref}',
  z.object({ object: z.object({ sha: z.string() }) }),
);
const gitCommit = resource(
  'GET /repos/{owner}/{repo}/git/commits/{commit_sha}',
  z.object({ parents: z.array(z.object({ sha: z.string() })) }),
);
const mergeRoute = 'POST /repos/{owner}/{repo}/merges';
const MergeCommit = z.object({ sha: z.string() });

/** GitHub Actions and Gatehouse leave commits alone whose message says so. */
const skipMark = '[skip ci]';

export function createStateBuilder(context: GitHubContext): StateBuilder {
  const { installations } = context;
  return {
    async readTestMerge(repository, number) {
      return readTestMerge(await installations.need(repository), repository, number);
    },
    async readBranch(repository, branch) {
      const client = await installations.need(repository);
      return readRef(client, repository, `heads/${branch}`);
    },
    async placeBranch(repository, branch, sha) {
      await placeBranch(await installations.need(repository), { repository, branch, sha });
    },
    async mergeInto(repository, branch, merge) {
      const client = await installations.need(repository);
      return mergeInto(client, { repository, branch, ...merge });
    },
    async removeBranch(repository, branch) {
      await removeBranch(await installations.need(repository), repository, branch);
    },
  };
}

/**
 * Asking for the pull request is what makes GitHub compute the merge. The ref may still be that of
 * an older head or base: its parents tell, and the caller compares them.
 * Source: https://docs.github.com/rest/guides/using-the-rest-api-to-interact-with-your-git-database
 */
async function readTestMerge(
  client: Client,
  repository: RepositoryKey,
  number: number,
): Promise<TestMerge> {
  const path = pathOf(repository);
  const found = await client.readAnew(pull, { ...path, pull_number: number });
  if (found.state !== 'open') return { code: 'closed' };
  if (found.mergeable === false) return { code: 'conflict' };
  if (found.mergeable !== true) return { code: 'computing' };
  const sha = await readRef(client, repository, `pull/${number}/merge`);
  if (sha === null) return { code: 'computing' };
  const commit = await client.read(gitCommit, { ...path, commit_sha: sha });
  const parents = commit.parents.map((parent) => shaFrom(parent.sha));
  return { code: 'merged', ref: `refs/pull/${number}/merge`, sha, parents };
}

/** @param ref without `refs/`. */
async function readRef(
  client: Client,
  repository: RepositoryKey,
  ref: string,
): Promise<CommitSha | null> {
  try {
    const found = await orNull(client.read(gitRef, { ...pathOf(repository), ref }));
    return found === null ? null : shaFrom(found.object.sha);
  } catch (error) {
    if (statusOf(error) === 409) return null; // an empty repository has no refs
    throw error;
  }
}

interface Placement {
  readonly repository: RepositoryKey;
  readonly branch: string;
  readonly sha: CommitSha;
}

/** Creating twice ends in "already exists", after which moving is right; so both are repeatable. */
async function placeBranch(client: Client, place: Placement): Promise<void> {
  const { repository, branch, sha } = place;
  const path = pathOf(repository);
  const repeatable = { isRepeatable: true };
  const create = { ...path, ref: `refs/heads/${branch}`, sha };
  const move = { ...path, ref: `heads/${branch}`, sha, force: true };
  const isCreated = await unless(/already exists/i, () =>
    client.send('POST /repos/{owner}/{repo}/git/refs', create, repeatable),
  );
  if (isCreated) return;
  const isMoved = await unless(/does not exist/i, () =>
    client.send('PATCH /repos/{owner}/{repo}/git/refs/{ref}', move, repeatable),
  );
  // Somebody removed it between the two.
  if (!isMoved) await client.send('POST /repos/{owner}/{repo}/git/refs', create, repeatable);
}

async function mergeInto(
  client: Client,
  merge: { repository: RepositoryKey; branch: string; headSha: CommitSha; message: string },
): Promise<MergeOutcome> {
  const { repository, branch, headSha, message } = merge;
  try {
    const answer = await client.send(
      mergeRoute,
      {
        ...pathOf(repository),
        base: branch,
        head: headSha,
        commit_message: message.includes(skipMark) ? message : `${message}\n\n${skipMark}`,
      },
      { isRepeatable: false },
    );
    if (answer.status === 204) return { code: 'nothing-to-merge' };
    return { code: 'merged', sha: shaFrom(fieldsOf(MergeCommit, answer, mergeRoute).sha) };
  } catch (error) {
    if (statusOf(error) === 404) return { code: 'missing' };
    if (statusOf(error) === 409 && error instanceof GatehouseError) {
      return { code: 'conflict', message: reasonOf(error) };
    }
    throw error;
  }
}

async function removeBranch(
  client: Client,
  repository: RepositoryKey,
  branch: string,
): Promise<void> {
  const parameters = { ...pathOf(repository), ref: `heads/${branch}` };
  await unless(/does not exist|not found/i, () =>
    client.send('DELETE /repos/{owner}/{repo}/git/refs/{ref}', parameters, { isRepeatable: true }),
  );
}

/** False when GitHub refuses with `reason`; refs answer 422 (sometimes 404) and say why. */
async function unless(reason: RegExp, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    const isRefusal = [404, 422].includes(statusOf(error) ?? 0);
    if (isRefusal && error instanceof GatehouseError && reason.test(reasonOf(error))) return false;
    throw error;
  }
}
