import { repositoryKey } from '@gatehouse/model';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type AtLayouts, atLayouts, job, jobsOn, runs, yaml } from '../testing/at-layouts.ts';

const api = repositoryKey('acme/api');

let at: AtLayouts;

beforeEach(() => {
  at = atLayouts();
  at.host.commit('acme/api', 'main', yaml(runs('unit')));
});

describe('what a change proposes for one of several protected branches', () => {
  beforeEach(async () => {
    at.host.commit('acme/api', 'stable', yaml(runs('old-unit')));
    for (const name of ['main', 'stable']) at.host.protectedBranches.add(`acme/api@${name}`);
    await at.load('main');
  });

  it('counts when it is what another of them says already', async () => {
    const base = await at.load('stable');
    at.host.commit('acme/api', 'change', yaml(runs('unit')));

    const own = await at.layouts.proposed(base, api, 'change');

    expect(own).not.toBe(base);
    expect(own && jobsOn(own, 'stable')).toEqual(['unit']);
  });

  it('is nothing when it leaves the files of its branch alone', async () => {
    const base = await at.load('stable');
    at.host.commit('acme/api', 'change', yaml(runs('old-unit')));

    expect(await at.layouts.proposed(base, api, 'change')).toBe(base);
  });
});

it('a protected branch that moved while the list was read is read again', async () => {
  const slow = Promise.withResolvers<void>();
  at = atLayouts((host) => ({
    configuration: {
      ...host,
      listBranches: async (...asked) => {
        const list = await host.listBranches(...asked);
        await slow.promise;
        return list;
      },
    },
  }));
  at.host.commit('acme/api', 'main', yaml(runs('unit')));
  at.host.commit('acme/api', 'stable', yaml(job('variant', "branches: ['.*'], run: x")));
  at.host.protectedBranches.add('acme/api@stable');
  const before = at.load();
  await vi.waitUntil(() => at.host.calls.includes('listBranches protected'));
  at.host.commit('acme/api', 'stable', yaml(''));

  at.layouts.forgetRef(api, 'refs/heads/stable');
  slow.resolve();
  await before;

  expect((await at.load()).layout.jobs.map(({ name }) => name)).toEqual(['unit']);
});
