/** Bodies of realistic shape, with a few of the fields that nobody uses. */
import { createHash } from 'node:crypto';
import { type CommitSha, commitSha } from '@gatehouse/model';

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
