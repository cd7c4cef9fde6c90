/** Access for a checkout: an address, and a token that reads one repository and nothing else. */
import { GatehouseError } from '@gatehouse/model';
import type { CheckoutTokens, Clock } from '@gatehouse/ports';
import type { Octokit } from '@octokit/core';
import { z } from 'zod';
import { type GitHubContext, pathOf } from './context.ts';
import { githubError } from './http/errors.ts';
import { repositoryResource } from './repositories.ts';

/** Tokens live an hour; one that has less than this left is not handed out any more. */
const lifeLeftMinMs = 15 * 60 * 1000;

/** Where installation tokens come from. */
export const tokenRoute = '/app/installations/{installation_id}/access_tokens';

/** A token as octokit's App authentication gives it, new or from its memory. */
const InstallationToken = z.object({ token: z.string(), expiresAt: z.string() });

/** Makes a token of an installation, narrowed to one repository's contents. */
export type NarrowToken = (request: {
  readonly installation: number;
  readonly repositoryId: number;
  /** False: one that was made before will do. */
  readonly isFresh: boolean;
}) => Promise<{ readonly token: string; readonly expiresAt: number }>;

export function createCheckoutTokens(
  context: GitHubContext,
  deps: { readonly clock: Clock; readonly narrow: NarrowToken },
): CheckoutTokens {
  return {
    async openCheckout(repository) {
      const client = await context.installations.need(repository);
      const found = await client.read(repositoryResource, pathOf(repository));
      const { installation } = client;
      if (installation === null) {
        throw new GatehouseError('GATE_INVARIANT', 'a repository is seen by an installation');
      }
      const request = { installation, repositoryId: found.id };
      let token = await deps.narrow({ ...request, isFresh: false });
      if (token.expiresAt - deps.clock.now() < lifeLeftMinMs) {
        token = await deps.narrow({ ...request, isFresh: true });
      }
      return { cloneUrl: found.clone_url, token: token.token };
    },
  };
}

/** @param app authenticates as the App. */
export function createNarrowToken(app: Octokit, clock: Clock): NarrowToken {
  return async ({ installation, repositoryId, isFresh }) => {
    try {
      const authentication = await app.auth({
        type: 'installation',
        installationId: installation,
        repositoryIds: [repositoryId],
        permissions: { contents: 'read' },
        refresh: isFresh,
      });
      const { token, expiresAt } = InstallationToken.parse(authentication);
      return { token, expiresAt: Date.parse(expiresAt) };
    } catch (error) {
      throw githubError(error, { method: 'POST', route: tokenRoute, now: clock.now() });
    }
  };
}
