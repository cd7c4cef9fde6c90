import { GatehouseError, repositoryKey } from '@gatehouse/model';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type AtLayouts, atLayouts, job, jobsOn, runs, yaml } from '../testing/at-layouts.ts';

const usesShared = '- project: {check: {jobs: [shared]}}\n';

let at: AtLayouts;

beforeEach(() => {
  at = atLayouts();
  at.host.commit('acme/api', 'main', yaml(usesShared));
  at.host.commit('acme/lib', 'main', yaml(job('shared')));
});

describe('a name that neither a repository nor its owner defines', () => {
  it('is looked for in the other repositories of the owner', async () => {
    const loaded = await at.load();

    expect(jobsOn(loaded, 'main')).toEqual(['shared']);
    expect(loaded.problems).toEqual([]);
  });

  it('may be a parent or a template', async () => {
    const template = '- project-template: {name: t, check: {jobs: [shared]}}\n';
    at.host.commit('acme/lib', 'main', yaml(`${job('shared')}${template}`));
    at.host.commit(
      'acme/api',
      'main',
      yaml(
        `${job('child', 'parent: shared')}- project: {templates: [t], check: {jobs: [child]}}\n`,
      ),
    );

    expect(jobsOn(await at.load(), 'main')).toEqual(['shared', 'child']);
  });

  it('is an error at its use when several define it', async () => {
    at.host.commit('acme/other', 'main', yaml(job('shared')));

    const { problems } = await at.load();

    expect(problems).toMatchObject([{ code: 'ambiguous-name', repository: 'acme/api' }]);
  });

  it('is an error at its use when none defines it', async () => {
    at.host.commit('acme/lib', 'main', yaml(''));

    expect((await at.load()).problems).toMatchObject([{ code: 'undefined-job' }]);
  });

  it('is looked for when only the change uses it', async () => {
    at.host.commit('acme/api', 'main', yaml(runs('unit')));
    const base = await at.load();
    const before = at.asked();
    at.host.commit('acme/api', 'change', yaml(usesShared));

    const own = await at.layouts.proposed(base, repositoryKey('acme/api'), 'change');

    expect(before).not.toContain('listRepositories');
    expect(own && jobsOn(own, 'main')).toEqual(['shared']);
    expect(own?.problems).toEqual([]);
  });

  it("is not looked for in another owner's repositories", async () => {
    at.host.commit('acme/lib', 'main', yaml(''));
    at.host.commit('umbra/lib', 'main', yaml(job('shared')));

    expect((await at.load()).problems).toMatchObject([{ code: 'undefined-job' }]);
  });
});

describe('other repositories', () => {
  it('are not asked for while every name is defined', async () => {
    at.host.commit('acme/api', 'main', yaml(runs('unit')));

    await at.load();

    expect(at.host.calls).not.toContain('listRepositories');
  });

  it("are not asked for what the owner's configuration says of yet another one", async () => {
    at.host.commit('acme/api', 'main', yaml(runs('unit')));
    const text = '- project: {name: acme/lib, check: {jobs: [of-lib]}, templates: [of-lib]}\n';
    at.host.commit('acme/.gatehouse', 'main', yaml(text));

    await at.load();

    expect(at.host.calls).not.toContain('listRepositories');
  });

  it("are asked for what the owner's configuration says of this one", async () => {
    at.host.commit('acme/api', 'main', yaml(''));
    const text = '- project: {name: acme/api, check: {jobs: [shared]}}\n';
    at.host.commit('acme/.gatehouse', 'main', yaml(text));

    expect(jobsOn(await at.load(), 'main')).toEqual(['shared']);
  });

  it('that only some can see are not offered to one that everybody sees', async () => {
    at.host.privateRepositories.add('acme/lib');

    const open = await at.load('main', { isPublic: true });
    const closed = await at.load('main', { isPublic: false });

    expect(open.problems).toMatchObject([{ code: 'undefined-job' }]);
    expect(JSON.stringify(open.layout)).not.toContain('acme/lib');
    expect(closed.problems).toEqual([]);
  });

  it('keep their mistakes, stanzas and pipelines to themselves', async () => {
    const theirs = [
      job('shared'),
      '- job: {name: bad, rum: x}\n',
      '- project: {name: acme/api, check: {jobs: [noop]}}\n',
      '- project: {name: ^acme/.*, chekc: {}, check: {jobs: [smuggled]}}\n',
      '- pipeline: {name: check, manager: dependent, trigger: {}}\n',
    ];
    at.host.commit('acme/lib', 'main', yaml(theirs.join('')));

    const loaded = await at.load();

    expect(loaded.problems).toEqual([]);
    expect(jobsOn(loaded, 'main')).toEqual(['shared']);
    expect(at.told.at(-1)?.problems).toEqual([]);
  });

  it('are read once in a while, and at once after a push', async () => {
    await at.load();
    await at.load();
    const again = at.asked();
    at.host.commit('acme/lib', 'main', yaml(job('shared', 'run: other')));

    at.layouts.forgetRef(repositoryKey('acme/lib'), 'refs/heads/main');
    const { layout } = await at.load();

    expect(again).toEqual(['acme/api@main']);
    expect(layout.jobs[0]?.attributes.run).toEqual(['other']);
  });

  it('are read again when they changed while they were read', async () => {
    const slow = Promise.withResolvers<void>();
    at = atLayouts((host) => ({
      configuration: {
        ...host,
        readConfiguration: async (repository, ref) => {
          const found = await host.readConfiguration(repository, ref);
          if (repository === 'acme/lib') await slow.promise;
          return found;
        },
      },
    }));
    at.host.commit('acme/api', 'main', yaml(usesShared));
    at.host.commit('acme/lib', 'main', yaml(job('shared')));
    const before = at.load();
    await vi.waitUntil(() => at.host.configurationsRead.includes('acme/lib@main'));
    at.host.commit('acme/lib', 'main', yaml(job('shared', 'run: other')));

    at.layouts.forgetRef(repositoryKey('acme/lib'), 'refs/heads/main');
    slow.resolve();
    await before;

    expect((await at.load()).layout.jobs[0]?.attributes.run).toEqual(['other']);
  });

  it('that were added to the installation count at once', async () => {
    at.host.commit('acme/lib', 'main', yaml(''));
    await at.load();
    at.host.commit('acme/new', 'main', yaml(job('shared')));

    at.layouts.forgetOwner('acme');

    expect((await at.load()).problems).toEqual([]);
  });

  it('that cannot be read define nothing, and an outage is waited for', async () => {
    let code: 'GATE_GITHUB_REFUSED' | 'GATE_GITHUB_UNAVAILABLE' = 'GATE_GITHUB_UNAVAILABLE';
    at = atLayouts((host) => ({
      configuration: {
        ...host,
        readConfiguration: async (repository, ref) => {
          if (repository === 'acme/shut') throw new GatehouseError(code, 'no');
          return host.readConfiguration(repository, ref);
        },
      },
    }));
    at.host.commit('acme/api', 'main', yaml(usesShared));
    at.host.commit('acme/lib', 'main', yaml(job('shared')));
    at.host.commit('acme/shut', 'main', {});

    await expect(at.load()).rejects.toMatchObject({ code: 'GATE_GITHUB_UNAVAILABLE' });
    code = 'GATE_GITHUB_REFUSED';

    expect((await at.load()).problems).toEqual([]);
    expect(at.log.lines).toMatchObject([{ level: 'warn', fields: { repository: 'acme/shut' } }]);
  });
});
