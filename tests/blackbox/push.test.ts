/** Runs of branches and tags that moved, shown on the new commit. */
import type { RequestRow } from '@gatehouse/github-sim';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRepository } from './actions.ts';
import { type ExternalCi, openExternalCi, report } from './external-ci.ts';
import { type House, openHouse, until } from './house.ts';

const ada = { user: 'ada', branch: 'main' };

let ci: ExternalCi;
let house: House;

beforeAll(async () => {
  ci = await openExternalCi();
  house = await openHouse({ files: { '.gatehouse.yaml': pushPipeline(ci.url) } });
});
afterAll(async () => {
  expect(house.sim.violations).toEqual([]);
  await house[Symbol.asyncDispose]();
  await ci[Symbol.asyncDispose]();
});

describe('a push', () => {
  it('runs what an independent pipeline says, and shows it on the new commit', async () => {
    const repository = 'acme/api';
    const before = (await house.sim.act.refs({ repository }))['refs/heads/main'];

    const { sha } = await house.sim.act.pushCommit({
      ...{ ...ada, repository },
      files: { 'a.txt': 'a\n' },
    });
    const launch = await until('the launch', async () => ci.requests.find(isOf(sha)) ?? null);
    const body = JSON.parse(launch.text);
    await report({ ...launch, body }, 'result', { result: 'SUCCESS' });
    const shown = await until('the end of the run', () => concludedRunOn(sha));
    await house.idle();

    expect(body.change).toEqual({
      ...{ repository, number: null, title: null, author: null, base_ref: null },
      ...{ url: expect.any(String), ref: 'refs/heads/main', head_sha: sha, sha, old_sha: before },
    });
    expect(body.items).toEqual([{ repository, number: null, head_sha: sha }]);
    expect(shown).toMatchObject({ name: 'gatehouse/published', conclusion: 'success' });
    expect(await runsOn(sha)).toHaveLength(1);
  });

  it('runs nothing on other branches, on those of the service, or when a branch goes', async () => {
    const { act } = house.sim;
    const from = (await act.requests()).total;

    const on = { repository: 'acme/api', user: 'ada' };
    await act.pushCommit({ ...on, branch: 'other', files: { 'b.txt': 'b\n' } });
    await act.pushCommit({ ...on, branch: 'gatehouse/check/x', files: { 'c.txt': 'c\n' } });
    await act.deleteBranch({ ...on, branch: 'other' });
    await house.idle();

    const { requests } = await act.requests({ since: from });
    expect(requests.filter(isWrite)).toEqual([]);
  });

  it('to a pipeline whose manager is not there yet breaks nothing and is told', async () => {
    const repository = 'acme/later';
    await addRepository(house, repository, {
      '.gatehouse.yaml':
        '- job: {name: publish, run: "true"}\n- project:\n    post: {jobs: [publish]}\n',
    });

    const { sha } = await house.sim.act.pushCommit({
      ...{ ...ada, repository },
      files: { 'a.txt': 'a\n' },
    });
    await house.idle();

    const told = house
      .output()
      .split('\n')
      .filter((line) => line.includes('manager-not-available'));
    expect(told.join('\n')).toContain('supercedent');
    expect(await runsOn(sha)).toEqual([]);
    expect((await fetch(`${house.url}/readyz`)).status).toBe(200);
  });
});

function isOf(sha: string): (request: { readonly text: string }) => boolean {
  return ({ text }) => text.includes(`"head_sha":"${sha}"`);
}

function isWrite({ method, path }: RequestRow): boolean {
  return method !== 'GET' && !path.includes('/access_tokens');
}

/** What was written about a commit: a push has no page of its own to look at. */
async function runsOn(sha: string): Promise<readonly RequestRow[]> {
  const { requests } = await house.sim.act.requests();
  return requests.filter(
    ({ method, path, body }) =>
      method === 'POST' &&
      path.endsWith('/check-runs') &&
      (body as { head_sha?: string }).head_sha === sha,
  );
}

async function concludedRunOn(sha: string): Promise<Record<string, unknown> | null> {
  const [created] = await runsOn(sha);
  if (created === undefined) return null;
  const { requests } = await house.sim.act.requests({ since: created.seq });
  const made = created.body as Record<string, unknown>;
  const updates = requests
    .filter(({ method, path }) => method === 'PATCH' && path.includes('/check-runs/'))
    .map(({ body }) => body as Record<string, unknown>)
    .filter(({ external_id: id }) => id === undefined || id === made.external_id);
  const ended = updates.find(({ status }) => status === 'completed');
  return ended === undefined ? null : { ...made, ...ended };
}

function pushPipeline(url: string): string {
  return [
    '- pipeline:',
    '    name: published',
    '    manager: independent',
    "    trigger: {github: [{event: push, ref: '^refs/heads/main$'}]}",
    '    start: {github: {check: in_progress}}',
    '    success: {github: {check: success}}',
    '    failure: {github: {check: failure}}',
    `- job: {name: publish, http: '${url}/publish'}`,
    '- project:',
    '    published: {jobs: [publish]}',
    '',
  ].join('\n');
}
