/** Pull requests: their snapshot, their files, and which of them have a commit as head. */
import type { CommitSha, ProposedChange, RepositoryKey } from '@gatehouse/model';
import { isRepositoryKey } from '@gatehouse/model';
import { z } from 'zod';
import { type GitHubContext, orNull, pathOf, shaFrom } from './context.ts';
import { type Client, resource } from './http/client.ts';
import { statusOf } from './http/errors.ts';
import { isPublic } from './repositories.ts';

/** Source: https://docs.github.com/rest/pulls/pulls#list-pull-requests-files */
const listedFilesMax = 3_000;

const HeadOrBase = z.object({
  ref: z.string(),
  sha: z.string(),
  /** Null when a fork was deleted. */
  repo: z
    .object({
      id: z.number(),
      full_name: z.string(),
      private: z.boolean(),
      visibility: z.string().optional(),
      default_branch: z.string().optional(),
    })
    .nullable(),
});

const Pull = z.object({
  number: z.number(),
  html_url: z.string(),
  title: z.string(),
  state: z.string(),
  merged: z.boolean(),
  draft: z.boolean().nullish(),
  mergeable: z.boolean().nullish(),
  changed_files: z.number(),
  /** Null when the account was deleted. */
  user: z.object({ login: z.string() }).nullable(),
  labels: z.array(z.object({ name: z.string() })),
  head: HeadOrBase,
  base: HeadOrBase,
});
/** A pull request as far as it is used. */
export type Pull = z.infer<typeof Pull>;

/** One pull request. */
export const pull = resource('GET /repos/{owner}/{repo}/pulls/{pull_number}', Pull);

const PullRows = z.array(
  z.object({ number: z.number(), state: z.string(), head: z.object({ sha: z.string() }) }),
);
const pullsOfCommit = resource('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', PullRows);
const openPulls = resource('GET /repos/{owner}/{repo}/pulls', PullRows);

const pullFiles = resource(
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/files',
  z.array(z.object({ filename: z.string(), previous_filename: z.string().optional() })),
);

/** Account that GitHub shows in place of a deleted one. */
export const ghost = 'ghost';

export async function readChange(
  context: GitHubContext,
  repository: RepositoryKey,
  number: number,
): Promise<ProposedChange | null> {
  const client = await context.installations.find(repository);
  if (client === null) return null;
  const found = await orNull(client.read(pull, { ...pathOf(repository), pull_number: number }));
  return found === null ? null : changeFrom(found, repository);
}

function changeFrom(found: Pull, asked: RepositoryKey): ProposedChange {
  const { base, head } = found;
  const baseName = base.repo?.full_name ?? asked;
  return {
    kind: 'proposed',
    repository: isRepositoryKey(baseName) ? baseName : asked,
    isRepositoryPublic: base.repo !== null && isPublic(base.repo),
    ...(base.repo?.default_branch === undefined ? {} : { defaultBranch: base.repo.default_branch }),
    number: found.number,
    url: found.html_url,
    title: found.title,
    author: found.user?.login ?? ghost,
    baseRef: base.ref,
    baseSha: shaFrom(base.sha),
    headSha: shaFrom(head.sha),
    headRef: head.ref,
    isHeadInBase: head.repo !== null && base.repo !== null && head.repo.id === base.repo.id,
    isOpen: found.state === 'open',
    isMerged: found.merged,
    isDraft: found.draft === true,
    labels: found.labels.map((label) => label.name),
  };
}

/**
 * GitHub ties a commit to pull requests by the branches it knows it on, and does not know those of
 * forks (seen in the wild for years); so an empty answer is checked against the pull requests that
 * moved last, where an event's head must be.
 */
export async function findChangesByHead(
  context: GitHubContext,
  repository: RepositoryKey,
  headSha: CommitSha,
): Promise<readonly number[]> {
  const client = await context.installations.find(repository);
  if (client === null) return [];
  const path = pathOf(repository);
  const tied = await tiedPulls(client, { ...path, commit_sha: headSha, per_page: 100 });
  const found = numbersWith(tied, headSha);
  if (found.length > 0) return found;
  const recent = await orNull(
    client.read(openPulls, {
      ...path,
      state: 'open',
      sort: 'updated',
      direction: 'desc',
      per_page: 100,
    }),
  );
  return numbersWith(recent ?? [], headSha);
}

async function tiedPulls(
  client: Client,
  parameters: { owner: string; repo: string; commit_sha: string; per_page: number },
): Promise<z.infer<typeof PullRows>> {
  try {
    return await client.read(pullsOfCommit, parameters);
  } catch (error) {
    // 422: no such commit here. 409: an empty repository.
    if ([404, 409, 422].includes(statusOf(error) ?? 0)) return [];
    throw error;
  }
}

function numbersWith(rows: z.infer<typeof PullRows>, headSha: CommitSha): number[] {
  return rows
    .filter((row) => row.state === 'open' && row.head.sha === headSha)
    .map((row) => row.number)
    .sort((a, b) => a - b);
}

/** A renamed file counts under both its names. */
export async function readChangedFiles(
  context: GitHubContext,
  repository: RepositoryKey,
  number: number,
): Promise<readonly string[] | null> {
  const client = await context.installations.find(repository);
  if (client === null) return null;
  const parameters = { ...pathOf(repository), pull_number: number };
  const found = await orNull(client.read(pull, parameters));
  if (found === null || found.changed_files > listedFilesMax) return null;
  const paths = new Set<string>();
  try {
    for await (const page of client.readPages(pullFiles, parameters)) {
      for (const file of page) {
        paths.add(file.filename);
        if (file.previous_filename !== undefined) paths.add(file.previous_filename);
      }
    }
  } catch (error) {
    // A difference too large for GitHub to compute has no list.
    if (statusOf(error) === 422 || statusOf(error) === 406) return null;
    throw error;
  }
  return [...paths].sort();
}
