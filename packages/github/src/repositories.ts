/** Repositories: who can see them, where to clone them from, and which branches are protected. */
import { isRepositoryKey, ownerOf, type RepositoryKey } from '@gatehouse/model';
import type { BranchList, RepositoryFacts, RepositoryList } from '@gatehouse/ports';
import { z } from 'zod';
import { type GitHubContext, orNull, pathOf, shaFrom } from './context.ts';
import { resource } from './http/client.ts';

const Repository = z.object({
  id: z.number(),
  full_name: z.string(),
  private: z.boolean(),
  visibility: z.string().optional(),
  default_branch: z.string(),
  clone_url: z.string(),
});

/** One repository. */
export const repositoryResource = resource('GET /repos/{owner}/{repo}', Repository);

const repositoriesOfInstallation = resource(
  'GET /installation/repositories',
  z.object({ repositories: z.array(Repository.omit({ id: true, clone_url: true })) }),
);

const branchesOfRepository = resource(
  'GET /repos/{owner}/{repo}/branches',
  z.array(
    z.object({
      name: z.string(),
      commit: z.object({ sha: z.string() }),
      protected: z.boolean(),
    }),
  ),
);

/** Rows of one page, GitHub's largest. */
const pageRows = 100;
/** A tenant with more repositories than this has to name its shared jobs in fewer of them. */
const repositoriesMax = 300;

/** `internal` repositories are seen by an enterprise, not by anybody. */
export function isPublic(repository: {
  private: boolean;
  visibility?: string | undefined;
}): boolean {
  return !repository.private && (repository.visibility ?? 'public') === 'public';
}

export async function readRepository(
  context: GitHubContext,
  repository: RepositoryKey,
): Promise<RepositoryFacts | null> {
  const client = await context.installations.find(repository);
  if (client === null) return null;
  const found = await orNull(client.read(repositoryResource, pathOf(repository)));
  if (found === null) return null;
  return {
    repository: isRepositoryKey(found.full_name) ? found.full_name : repository,
    isPublic: isPublic(found),
    defaultBranch: found.default_branch,
  };
}

/** Source: https://docs.github.com/rest/branches/branches#list-branches */
export async function listBranches(
  context: GitHubContext,
  repository: RepositoryKey,
  which: 'all' | 'protected',
): Promise<BranchList | null> {
  const client = await context.installations.find(repository);
  if (client === null) return null;
  const filter = which === 'all' ? {} : { protected: true };
  const parameters = { ...pathOf(repository), ...filter, per_page: pageRows };
  const rows = await orNull(client.read(branchesOfRepository, parameters));
  if (rows === null) return null;
  const branches = rows.map((row) => ({
    name: row.name,
    sha: shaFrom(row.commit.sha),
    isProtected: row.protected,
  }));
  const wanted = which === 'all' ? branches : branches.filter((branch) => branch.isProtected);
  return { branches: wanted, isComplete: rows.length < pageRows };
}

/** What the installation on the repository's owner sees of that owner. */
export async function listRepositories(
  context: GitHubContext,
  repository: RepositoryKey,
): Promise<RepositoryList> {
  const client = await context.installations.find(repository);
  if (client === null) return { repositories: [], isComplete: true };
  const owner = ownerOf(repository).toLowerCase();
  const found: RepositoryFacts[] = [];
  let rows = 0;
  for await (const page of client.readPages(repositoriesOfInstallation, {})) {
    rows += page.repositories.length;
    for (const one of page.repositories) {
      const { full_name: name } = one;
      if (!isRepositoryKey(name) || ownerOf(name).toLowerCase() !== owner) continue;
      found.push({ repository: name, isPublic: isPublic(one), defaultBranch: one.default_branch });
    }
    if (rows >= repositoriesMax) break;
  }
  const repositories = found.sort((a, b) => (a.repository < b.repository ? -1 : 1));
  return { repositories, isComplete: rows < repositoriesMax };
}
