/** `push`: a branch or tag was made, moved or removed. */
import type { CommitSha } from '@gatehouse/model';
import { z } from 'zod';
import {
  commitUrl,
  ignored,
  type PayloadReader,
  RepositoryPayload,
  readWith,
  Sha,
  senderOf,
  triggerFacts,
} from './payload.ts';

/** Branches that we or GitHub make for testing; a run for them would test the test. */
const temporaryBranches = ['refs/heads/gatehouse/', 'refs/heads/gh-readonly-queue/'];
/** GitHub lists that many commits of a push and leaves out the rest. */
const listedCommitsMax = 2_048;

const Commit = z.object({
  added: z.array(z.string()).optional(),
  removed: z.array(z.string()).optional(),
  modified: z.array(z.string()).optional(),
});

const Payload = RepositoryPayload.extend({
  ref: z.string(),
  before: Sha,
  after: Sha,
  created: z.boolean().optional(),
  forced: z.boolean().optional(),
  /** The commit; `after` is the tag object where an annotated tag was pushed. */
  head_commit: z.object({ id: Sha }).nullish(),
  commits: z.array(Commit).nullish(),
});
type Payload = z.infer<typeof Payload>;

export const readPush: PayloadReader = (payload, context) =>
  readWith(Payload, payload, (event) => {
    if (temporaryBranches.some((prefix) => event.ref.startsWith(prefix))) {
      return ignored(`${event.ref} is a temporary branch`);
    }
    const newSha = event.head_commit?.id ?? event.after;
    return {
      kind: 'ref',
      repository: event.repository.full_name,
      ref: event.ref,
      oldSha: shaOrNull(event.before),
      newSha: shaOrNull(event.after) === null ? null : newSha,
      commitUrl: commitUrl(event.repository, newSha),
      paths: touchedPaths(event),
      sender: senderOf(event.sender, context),
      trigger: triggerFacts({ event: 'push', ref: event.ref }),
    };
  });

/** Zeros stand for no commit. */
function shaOrNull(sha: CommitSha): CommitSha | null {
  return /^0+$/.test(sha) ? null : sha;
}

/**
 * The commits of a push are the whole difference only when the branch moved forward and all of
 * them are listed.
 */
function touchedPaths(event: Payload): readonly string[] | null {
  const { commits } = event;
  if (event.created === true || event.forced === true) return null;
  if (!commits || commits.length >= listedCommitsMax) return null;
  const paths = new Set<string>();
  for (const { added, removed, modified } of commits) {
    if (!added || !removed || !modified) return null;
    for (const path of [...added, ...removed, ...modified]) paths.add(path);
  }
  return [...paths].sort();
}
