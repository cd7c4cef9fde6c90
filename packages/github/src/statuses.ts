/** Commit statuses. At most 1,000 for each commit and context; after that GitHub answers 422. */
import { invariant } from '@gatehouse/model';
import type { StatusWriter } from '@gatehouse/ports';
import { type GitHubContext, pathOf } from './context.ts';

/** Source: https://docs.github.com/rest/commits/statuses */
const descriptionCharsMax = 140;

export function createStatusWriter(context: GitHubContext): StatusWriter {
  return {
    async createStatus(repository, sha, status) {
      const { state, context: name, description, targetUrl } = status;
      invariant(description.length <= descriptionCharsMax, 'a status has 140 characters');
      const client = await context.installations.need(repository);
      await client.send(
        'POST /repos/{owner}/{repo}/statuses/{sha}',
        { ...pathOf(repository), sha, state, context: name, description, target_url: targetUrl },
        { isRepeatable: false },
      );
    },
  };
}
