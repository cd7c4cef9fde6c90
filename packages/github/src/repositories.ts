/** Repositories: who can see them, and where to clone them from. */
import { isRepositoryKey, type RepositoryKey } from '@gatehouse/model';
import type { RepositoryFacts } from '@gatehouse/ports';
import { z } from 'zod';
import { type GitHubContext, orNull, pathOf } from './context.ts';
import { resource } from './http/client.ts';

/** One repository. */
export const repositoryResource = resource(
  'GET /repos/{owner}/{repo}',
  z.object({
    id: z.number(),
    full_name: z.string(),
    private: z.boolean(),
    visibility: z.string().optional(),
    default_branch: z.string(),
    clone_url: z.string(),
  }),
);

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
