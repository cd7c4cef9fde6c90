/**
 * A person's role in a repository, weakest first.
 * Source: https://docs.github.com/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization
 */
export const permissions = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;

/** One of {@link permissions}. */
export type Permission = (typeof permissions)[number];

/** True when `held` is `needed` or stronger. */
export function permits(held: Permission, needed: Permission): boolean {
  return permissions.indexOf(held) >= permissions.indexOf(needed);
}
