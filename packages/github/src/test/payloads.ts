/** Webhook payloads of realistic shape, cut down to what tells them apart. */
import type { Json, JsonObject } from '@gatehouse/model';
import { fakeSha } from './bodies.ts';

const ada = { login: 'ada', id: 501, type: 'User', site_admin: false };
export const self = { login: 'gatehouse[bot]', id: 900, type: 'Bot' };
export const ownApp = { id: 1, slug: 'gatehouse', name: 'Gatehouse' };
export const zeroSha = '0'.repeat(40);

/** Every payload of a repository. */
export function payload(action: string | null, parts: JsonObject): Json {
  return {
    ...(action === null ? {} : { action }),
    repository: { id: 77, full_name: 'acme/api', private: false, owner: { login: 'acme' } },
    organization: { login: 'acme', id: 7 },
    installation: { id: 11, node_id: 'MDIz' },
    sender: ada,
    ...parts,
  };
}

export function pullRequest(action: string, parts: JsonObject = {}): Json {
  return payload(action, {
    number: 7,
    pull_request: {
      id: 9001,
      number: 7,
      state: 'open',
      head: { ref: 'door', sha: fakeSha('head') },
      base: { ref: 'main', sha: fakeSha('base') },
    },
    ...parts,
  });
}

export function issueComment(body: string, parts: JsonObject = {}): Json {
  return payload('created', {
    issue: { number: 7, pull_request: { url: 'https://api.github.example/pulls/7' } },
    comment: {
      id: 3001,
      body,
      user: ada,
      author_association: 'NONE',
      performed_via_github_app: null,
      ...parts,
    },
  });
}

export function checkRun(action: string, run: JsonObject = {}, parts: JsonObject = {}): Json {
  return payload(action, {
    check_run: {
      id: 4001,
      name: 'gatehouse/check',
      head_sha: fakeSha('head'),
      external_id: 'bs-1',
      status: 'completed',
      conclusion: 'failure',
      app: ownApp,
      check_suite: { id: 5001, head_branch: null, pull_requests: [] },
      pull_requests: [],
      ...run,
    },
    ...parts,
  });
}

export function push(parts: JsonObject = {}): Json {
  return payload(null, {
    ref: 'refs/heads/main',
    before: fakeSha('before'),
    after: fakeSha('after'),
    created: false,
    deleted: false,
    forced: false,
    commits: [
      { id: fakeSha('one'), added: ['b.ts'], removed: [], modified: ['a.ts'] },
      { id: fakeSha('after'), added: [], removed: ['c.ts'], modified: ['a.ts'] },
    ],
    ...parts,
  });
}
