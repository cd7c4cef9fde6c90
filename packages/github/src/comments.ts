/**
 * The living comment of a change: found again by its marker, edited in place. Where it was last
 * seen is remembered, so that a further report costs one write and no search.
 */
import { invariant, type RepositoryKey } from '@gatehouse/model';
import type { CommentWriter } from '@gatehouse/ports';
import { z } from 'zod';
import { fieldsOf, type GitHubContext, pathOf } from './context.ts';
import { type Client, resource } from './http/client.ts';
import { statusOf } from './http/errors.ts';
import { type AppIdentity, botLogin } from './identity.ts';

/** GitHub refuses longer ones with 422. */
const commentCharsMax = 65_536;
const placeTtlMs = 24 * 60 * 60 * 1000;

const Comment = z.object({
  id: z.number(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
});
type Comment = z.infer<typeof Comment>;
const issueComments = resource(
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
  z.array(Comment),
);
const createRoute = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
const editRoute = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';

export function createCommentWriter(context: GitHubContext): CommentWriter {
  return {
    async writeComment(repository, number, { marker, text }) {
      const body = text.trimEnd().endsWith(marker) ? text : `${text}\n\n${marker}`;
      invariant(body.length <= commentCharsMax, 'a comment has at most 65,536 characters');
      const client = await context.installations.need(repository);
      await write(context, client, { repository, number, marker, body });
    },
  };
}

interface Writing {
  readonly repository: RepositoryKey;
  readonly number: number;
  readonly marker: string;
  readonly body: string;
}

async function write(context: GitHubContext, client: Client, what: Writing): Promise<void> {
  const path = pathOf(what.repository);
  const place = `github:comment:${context.cacheScope}:${what.repository.toLowerCase()}#${
    what.number
  }:${what.marker}`;
  const known = await context.cache.get(place);
  if (known !== null && (await edit(client, what, Number(known)))) return;

  const [first, ...doubles] = await ownComments(client, what, await context.identity.read());
  for (const double of doubles) {
    const parameters = { ...path, comment_id: double.id };
    const route = 'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}';
    await client.send(route, parameters, { isRepeatable: true });
  }
  let id = first?.id ?? null;
  if (first !== undefined && !isSameText(first.body ?? '', what.body)) {
    if (!(await edit(client, what, first.id))) id = null;
  }
  id ??= await create(client, what);
  await context.cache.set(place, String(id), placeTtlMs);
}

async function create(client: Client, what: Writing): Promise<number> {
  const answer = await client.send(
    createRoute,
    { ...pathOf(what.repository), issue_number: what.number, body: what.body },
    { isRepeatable: false },
  );
  return fieldsOf(Comment, answer, createRoute).id;
}

/** False when the comment is gone. */
async function edit(client: Client, what: Writing, id: number): Promise<boolean> {
  const parameters = { ...pathOf(what.repository), comment_id: id, body: what.body };
  try {
    await client.send(editRoute, parameters, { isRepeatable: true });
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

async function ownComments(
  client: Client,
  what: Writing,
  identity: AppIdentity,
): Promise<readonly Comment[]> {
  const parameters = { ...pathOf(what.repository), issue_number: what.number };
  const own: Comment[] = [];
  for await (const page of client.readPages(issueComments, parameters)) {
    for (const comment of page) {
      const isOwn = comment.user?.login === botLogin(identity);
      if (isOwn && (comment.body ?? '').trimEnd().endsWith(what.marker)) own.push(comment);
    }
  }
  return own;
}

/** GitHub gives line ends back as it likes. */
function isSameText(a: string, b: string): boolean {
  return a.replaceAll('\r\n', '\n').trimEnd() === b.replaceAll('\r\n', '\n').trimEnd();
}
