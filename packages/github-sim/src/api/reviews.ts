/** Reviews of pull requests. */
import { addReview, dismissReview } from '../domain/talk.ts';
import { notFound, Refusal } from '../errors.ts';
import { page } from '../http/paging.ts';
import { bodyOf, ok, type Reply, type RepoCall, type Route, repoRoute } from '../http/route.ts';
import { showReview } from '../present/pulls.ts';
import type { ReviewRecord, ReviewState } from '../state/types.ts';
import { pullOf } from './pulls.ts';

const READ = [{ pull_requests: 'read' }];
const WRITE = [{ pull_requests: 'write' }];
const STATES: Readonly<Record<string, ReviewState>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
};

export const reviewRoutes: readonly Route[] = [
  repoRoute('GET /pulls/{pull_number}/reviews', { anyOf: READ }, (call) => {
    const { items, link } = page(call, reviewsOf(call));
    return ok(
      items.map((review) => showReview(call.core, review)),
      { link },
    );
  }),
  repoRoute('GET /pulls/{pull_number}/reviews/{review_id}', { anyOf: READ }, (call) =>
    ok(showReview(call.core, reviewOf(call))),
  ),
  repoRoute('POST /pulls/{pull_number}/reviews', { anyOf: WRITE, role: 'read' }, create),
  repoRoute('PUT /pulls/{pull_number}/reviews/{review_id}/dismissals', { anyOf: WRITE }, (call) => {
    const review = reviewOf(call);
    dismissReview(call.core, review, call.actor);
    return ok(showReview(call.core, review));
  }),
];

function reviewsOf(call: RepoCall): ReviewRecord[] {
  const pull = pullOf(call);
  return call.core.state.reviews.filter(
    (review) => review.repoId === pull.repoId && review.number === pull.number,
  );
}

function reviewOf(call: RepoCall): ReviewRecord {
  const id = Number(call.params.review_id);
  const review = reviewsOf(call).find((each) => each.id === id);
  if (review === undefined) throw notFound();
  return review;
}

async function create(call: RepoCall): Promise<Reply> {
  const request = bodyOf<{ commit_id?: string; body?: string; event?: string }>(call);
  const state = STATES[request.event ?? ''];
  if (state === undefined) throw new Refusal(422, 'Pending reviews are not simulated');
  const pull = pullOf(call);
  const review = await addReview(call.core, pull, {
    state,
    body: request.body ?? '',
    sha: request.commit_id ?? pull.headSha,
    user: call.actor,
  });
  return ok(showReview(call.core, review));
}
