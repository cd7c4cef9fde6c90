/** Bodies of realistic shape, with a few of the fields that nobody uses. */
import { createHash } from 'node:crypto';
import { buildsetId, type CommitSha, commitSha } from '@gatehouse/model';
import type { CheckRunContent } from '@gatehouse/ports';

/** A commit's name made of a word. */
export function fakeSha(seed: string): CommitSha {
  return commitSha(createHash('sha1').update(seed).digest('hex'));
}

export function repositoryBody(overrides: object = {}): object {
  return {
    id: 77,
    node_id: 'R_77',
    full_name: 'acme/api',
    private: false,
    visibility: 'public',
    default_branch: 'main',
    clone_url: 'https://github.example/acme/api.git',
    ...overrides,
  };
}

export function pullBody(overrides: object = {}): object {
  return {
    id: 9001,
    number: 7,
    html_url: 'https://github.example/acme/api/pull/7',
    title: 'Add a door',
    body: 'It opens.',
    state: 'open',
    merged: false,
    draft: false,
    mergeable: null,
    mergeable_state: 'unknown',
    changed_files: 2,
    user: { login: 'ada', type: 'User' },
    labels: [{ id: 1, name: 'gate', color: 'fff' }],
    head: { ref: 'door', sha: fakeSha('head'), repo: repositoryBody() },
    base: { ref: 'main', sha: fakeSha('base'), repo: repositoryBody() },
    ...overrides,
  };
}

/** What a running check run shows. */
export function runningCheck(
  headSha: string,
  overrides: Partial<CheckRunContent> = {},
): CheckRunContent {
  return {
    name: 'gatehouse/check',
    headSha: commitSha(headSha),
    buildset: buildsetId('bs-1'),
    detailsUrl: 'https://gate.example/b/bs-1',
    status: 'in_progress',
    conclusion: null,
    startedAt: Date.now(),
    completedAt: null,
    title: 'Running',
    summary: 'Two jobs run.',
    text: null,
    annotations: [],
    actions: [{ label: 'Abort', description: 'Stop this run', identifier: 'abort' }],
    ...overrides,
  };
}
