/** Rights of people, asked from GitHub and never taken from an event. */
import { type Permission, permissions, type RepositoryKey } from '@gatehouse/model';
import { z } from 'zod';
import { type GitHubContext, orNull, pathOf } from './context.ts';
import { resource } from './http/client.ts';

const collaboratorPermission = resource(
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
  z.object({ permission: z.string(), role_name: z.string().nullish() }),
);

export async function readPermission(
  context: GitHubContext,
  repository: RepositoryKey,
  login: string,
): Promise<Permission> {
  const client = await context.installations.find(repository);
  if (client === null) return 'none';
  const parameters = { ...pathOf(repository), username: login };
  const found = await orNull(client.read(collaboratorPermission, parameters));
  if (found === null) return 'none';
  // `permission` knows neither triage nor maintain; `role_name` may be an organisation's own role.
  return permissionNamed(found.role_name ?? '') ?? permissionNamed(found.permission) ?? 'none';
}

function permissionNamed(name: string): Permission | null {
  return permissions.find((permission) => permission === name) ?? null;
}
