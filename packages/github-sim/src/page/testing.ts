/** Pull requests, checks and frames for the tests of pages. */
import type { CheckRunView, PullRequestView } from '../read-model.ts';
import type { Frame } from './frame.ts';

/** The moment at which test pages are looked at. */
export const TEST_NOW_MS = Date.parse('2026-05-04T12:00:00Z');

const SHA = 'a'.repeat(40);

/** `ada`, who may write, looks at `acme/api`. */
export function testFrame(change: Partial<Frame> = {}): Frame {
  return {
    viewer: { login: 'ada', role: 'write', people: ['ada', 'sam'] },
    path: '/acme/api/pull/1',
    version: 7,
    nowMs: TEST_NOW_MS,
    repository: { repository: 'acme/api', private: false, forkOf: null },
    ...change,
  };
}

/** A check run that passed in four seconds. */
export function testRun(change: Partial<CheckRunView> = {}): CheckRunView {
  return {
    id: 11,
    name: 'gatehouse/check',
    app: 'gatehouse',
    status: 'completed',
    conclusion: 'success',
    title: '3 jobs passed',
    detailsUrl: 'http://localhost:8080/buildsets/1',
    externalId: '1',
    headSha: SHA,
    summary: null,
    text: null,
    startedAt: '2026-05-04T11:59:00Z',
    completedAt: '2026-05-04T11:59:04Z',
    annotations: [],
    actions: [],
    ...change,
  };
}

/** An open pull request of `sam` with one commit and the given runs. */
export function testPull(
  change: Partial<PullRequestView> = {},
  runs: readonly CheckRunView[] = [],
): PullRequestView {
  const suite = { id: 5, app: 'gatehouse', status: 'completed', conclusion: null, runs };
  return {
    repository: 'acme/api',
    number: 1,
    title: 'Sell cheese',
    author: 'sam',
    state: 'open',
    draft: false,
    head: 'sam:cheese',
    headSha: SHA,
    base: 'main',
    labels: [],
    mergeable: true,
    updatedAt: '2026-05-04T11:58:00Z',
    checks: runs,
    body: 'Cheese costs 9.',
    url: 'http://sim.example/acme/api/pull/1',
    createdAt: '2026-05-04T11:58:00Z',
    mergedBy: null,
    mergeCommitSha: null,
    commits: [{ sha: SHA, message: 'Sell cheese', author: 'sam', date: '2026-05-04T11:57:00Z' }],
    files: [],
    comments: [],
    reviews: [],
    suites: runs.length === 0 ? [] : [suite],
    statuses: [],
    mergeBox: { state: 'clean', canMerge: true, reasons: [] },
    ...change,
  };
}
