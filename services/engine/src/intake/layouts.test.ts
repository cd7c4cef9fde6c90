import { repositoryKey } from '@gatehouse/model';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type AtLayouts,
  atLayouts,
  job,
  jobsOn,
  pipeline,
  pipelinesOf,
  runs,
  yaml,
} from '../testing/at-layouts.ts';

const api = repositoryKey('acme/api');

let at: AtLayouts;

beforeEach(() => {
  at = atLayouts();
  at.host.commit('acme/api', 'main', yaml(runs('unit')));
});

describe('a change to another branch than the default one', () => {
  beforeEach(() => {
    at.host.commit('acme/api', 'main', yaml(`${pipeline('nightly')}${runs('unit')}`));
    at.host.commit('acme/api', 'stable', yaml(`${pipeline('own')}${runs('old-unit')}`));
  });

  it('has the pipelines of the default branch, and not those of its own', async () => {
    const pipelines = pipelinesOf(await at.load('stable'));

    expect(pipelines).toContain('nightly');
    expect(pipelines).not.toContain('own');
  });

  it('runs the jobs of its own branch, and nothing of the default one', async () => {
    expect(jobsOn(await at.load('stable'), 'stable')).toEqual(['old-unit']);
    expect(jobsOn(await at.load('main'), 'main')).toEqual(['unit']);
  });

  it('runs nothing where its branch has no configuration', async () => {
    at.host.commit('acme/api', 'bare', {});

    const loaded = await at.load('bare');

    expect(jobsOn(loaded, 'bare')).toEqual([]);
    expect(loaded.hasOwnFiles).toBe(false);
  });

  it('uses what the default branch says holds for it', async () => {
    at.host.commit('acme/api', 'main', yaml(job('unit', "branches: ['^stable$'], run: x")));
    at.host.commit('acme/api', 'stable', yaml('- project: {check: {jobs: [unit]}}\n'));

    expect(jobsOn(await at.load('stable'), 'stable')).toEqual(['unit']);
  });

  it('is read at the commit that is asked for, the default branch as it is now', async () => {
    const sha = at.host.commit('acme/api', 'stable', {});
    at.host.commit('acme/api', 'stable', yaml(runs('newer')));
    at.host.commit('acme/api', 'main', yaml(pipeline('newest')));

    const loaded = await at.load('stable', { ref: sha, isNow: false });

    expect(jobsOn(loaded, 'stable')).toEqual(['old-unit']);
    expect(pipelinesOf(loaded)).toContain('newest');
  });
});

describe('other branches', () => {
  const everywhere = `${job('evil', "branches: ['.*'], run: x")}${job('unit', "branches: ['.*'], run: y")}`;

  it('define nothing for a change while they are not protected', async () => {
    at.host.commit('acme/api', 'feature', yaml(everywhere));

    const { layout } = await at.load('main');

    expect(layout.jobs.map(({ name }) => name)).toEqual(['unit']);
  });

  it('define what they say holds elsewhere once they are protected', async () => {
    at.host.commit('acme/api', 'stable', yaml(everywhere));
    at.host.protectedBranches.add('acme/api@stable');

    const { layout } = await at.load('main');

    expect(layout.jobs.map(({ name }) => name)).toEqual(['unit', 'evil', 'unit']);
  });

  it('define nothing when they are there for testing only', async () => {
    for (const name of ['gatehouse/x', 'gh-readonly-queue/main/pr-7-a']) {
      at.host.commit('acme/api', name, yaml(everywhere));
      at.host.protectedBranches.add(`acme/api@${name}`);
    }

    const { layout } = await at.load('main');

    expect(layout.jobs.map(({ name }) => name)).toEqual(['unit']);
  });

  it('define nothing even for changes to them when they are there for testing only', async () => {
    at.host.commit('acme/api', 'gatehouse/x', yaml(runs('evil')));
    const base = await at.load('gatehouse/x');

    const own = await at.layouts.proposed(base, api, 'gatehouse/x');

    expect(jobsOn(base, 'gatehouse/x')).toEqual([]);
    expect(own).toBe(base);
  });

  it('that are not all listed are said to be', async () => {
    at = atLayouts((host) => ({
      configuration: {
        ...host,
        listBranches: async () => ({ branches: [], isComplete: false }),
      },
    }));
    at.host.commit('acme/api', 'main', yaml(runs('unit')));

    await at.load();
    at.clock.advance(10 * 60_000);
    await at.load();

    expect(at.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });
});

describe('a tag', () => {
  it("has the default branch's configuration, and nothing of another branch", async () => {
    at.host.commit('acme/api', 'stable', yaml(runs('old-unit')));
    at.host.protectedBranches.add('acme/api@stable');
    const tagged = at.host.commit('acme/api', 'stable', {});

    const loaded = await at.load(null, { ref: tagged });

    expect(jobsOn(loaded, null)).toEqual(['unit']);
  });
});

describe("the owner's configuration repository", () => {
  const question = { repository: repositoryKey('acme/.gatehouse') };

  it('is read on its default branch, whatever branch a change goes to', async () => {
    at.host.commit('acme/.gatehouse', 'main', yaml(pipeline('nightly')));
    at.host.commit('acme/.gatehouse', 'next', yaml(pipeline('other')));

    const pipelines = pipelinesOf(await at.load('next', question));

    expect(pipelines).toContain('nightly');
    expect(pipelines).not.toContain('other');
  });

  it('is the same repository however its name is written', async () => {
    at.host.commit('acme/.GateHouse', 'main', yaml(pipeline('nightly')));

    const { own } = await at.load('main', { repository: repositoryKey('acme/.GateHouse') });

    expect(own.source.role).toBe('owner');
  });

  it('counts at once after the first push to it', async () => {
    await at.load();
    at.host.commit('acme/.gatehouse', 'main', yaml(pipeline('nightly')));

    at.layouts.forgetRef(question.repository, 'refs/heads/main');

    expect(pipelinesOf(await at.load())).toContain('nightly');
  });
});

describe('loading again', () => {
  beforeEach(async () => {
    at.host.commit('acme/.gatehouse', 'main', yaml(job('shared')));
    await at.load();
  });

  it('asks once for each repository when nothing changed', async () => {
    const first = await at.load();
    const second = await at.load();

    expect(at.asked().toSorted()).toEqual(['acme/.gatehouse@HEAD', 'acme/api@main']);
    expect(second.layout).toBe(first.layout);
  });

  it('asks for protected branches in one request, and for contents by commit', async () => {
    const main = at.host.commit('acme/api', 'main', yaml(runs('unit')));
    const stable = at.host.commit('acme/api', 'stable', yaml(runs('old-unit')));
    for (const name of ['main', 'stable']) at.host.protectedBranches.add(`acme/api@${name}`);
    at.layouts.forgetRef(api, 'refs/heads/main');
    at.clock.advance(5 * 60_000);
    await at.load('stable');

    await at.load('stable');

    expect(at.asked().toSorted()).toEqual(
      [
        'acme/.gatehouse@HEAD',
        `acme/api@${main}`,
        `acme/api@${stable}`,
        'listBranches protected',
      ].toSorted(),
    );
  });

  it('asks for two branches that nothing protects in one request', async () => {
    const main = at.host.commit('acme/api', 'main', yaml(runs('unit')));
    const stable = at.host.commit('acme/api', 'stable', yaml(runs('old-unit')));
    await at.load('stable');

    await at.load('stable');

    expect(at.asked().toSorted()).toEqual(
      [
        'acme/.gatehouse@HEAD',
        `acme/api@${main}`,
        `acme/api@${stable}`,
        'listBranches all',
      ].toSorted(),
    );
  });

  it('asks for each of two branches where there are too many for one list', async () => {
    at = atLayouts((host) => ({
      configuration: {
        ...host,
        listBranches: async (repository, which) => {
          const list = await host.listBranches(repository, which);
          return list && { ...list, isComplete: which === 'protected' };
        },
      },
    }));
    at.host.commit('acme/api', 'main', yaml(runs('unit')));
    at.host.commit('acme/api', 'stable', yaml(runs('old-unit')));
    await at.load('stable');

    const loaded = await at.load('stable');

    expect(at.asked().toSorted()).toEqual(['acme/api@main', 'acme/api@stable']);
    expect(jobsOn(loaded, 'stable')).toEqual(['old-unit']);
  });

  it('looks for protected branches now and then where none is needed', async () => {
    at.clock.advance(5 * 60_000);

    await at.load();

    expect(at.asked()).toContain('listBranches protected');
  });

  it('looks at once when a protected branch moved', async () => {
    at.host.commit('acme/api', 'stable', yaml(job('variant', "branches: ['.*'], run: x")));
    at.host.protectedBranches.add('acme/api@stable');
    at.clock.advance(5 * 60_000);
    const before = await at.load();
    at.host.commit('acme/api', 'stable', yaml(''));

    at.layouts.forgetRef(api, 'refs/heads/stable');
    const after = await at.load();

    expect(before.layout.jobs.map(({ name }) => name)).toContain('variant');
    expect(after.layout.jobs.map(({ name }) => name)).not.toContain('variant');
  });

  it('reads only the file that changed', async () => {
    const folder = (name: string, text: string) => ({ [`.gatehouse.d/${name}.yaml`]: text });
    at.host.commit('acme/api', 'main', {
      ...yaml(''),
      ...folder('a', job('a')),
      ...folder('b', job('b')),
    });
    const first = await at.load();
    at.host.commit('acme/api', 'main', folder('b', job('b', 'run: other')));

    const second = await at.load();

    const attributes = (name: string) =>
      [first, second].map(({ layout }) => layout.jobs.find((one) => one.name === name)?.attributes);
    const [before, after] = attributes('a');
    expect(after).toBe(before);
    expect(attributes('b')[1]).toMatchObject({ run: ['other'] });
  });
});

describe('files that are too large to be read', () => {
  const large = '.gatehouse.d/large.yaml';

  beforeEach(() => {
    at.host.unreadable.add(large);
  });

  it('on the base are a problem of the base, and stop what they might belong to', async () => {
    at.host.commit('acme/api', 'main', { [large]: '' });

    const loaded = await at.load();

    expect(loaded.problems).toMatchObject([
      { level: 'error', code: 'unreadable-file', branch: 'main', path: large, range: null },
    ]);
    expect(jobsOn(loaded, 'main')).toEqual(['broken-definition']);
    expect(at.told.at(-1)?.problems).toHaveLength(1);
  });

  it('on one branch stop nothing on another', async () => {
    at.host.commit('acme/api', 'main', { [large]: '' });
    at.host.commit('acme/api', 'stable', yaml(runs('old-unit')));

    expect(jobsOn(await at.load('stable'), 'stable')).toEqual(['old-unit']);
  });

  it('are the problem of the change that brings them', async () => {
    const base = await at.load();
    at.host.commit('acme/api', 'change', { ...yaml(runs('unit')), [large]: '' });

    const own = await at.layouts.proposed(base, api, 'change');

    expect(base.problems).toEqual([]);
    expect(own?.problems).toMatchObject([{ code: 'unreadable-file', path: large }]);
  });

  it('are gone with the change that removes them', async () => {
    at.host.commit('acme/api', 'main', { [large]: '' });
    const base = await at.load();
    at.host.unreadable.clear();
    at.host.commit('acme/api', 'change', yaml(runs('unit')));

    const own = await at.layouts.proposed(base, api, 'change');

    expect(own && jobsOn(own, 'main')).toEqual(['unit']);
  });
});

describe('how a configuration stands', () => {
  const broken = `${runs('unit')}- job: {name: bad, rum: x}\n`;

  it('is told of every load, also when nothing is wrong any more', async () => {
    at.host.commit('acme/api', 'main', yaml(broken));
    await at.load();
    at.host.commit('acme/api', 'main', yaml(runs('unit')));
    await at.load();

    expect(at.told.map(({ repository, problems }) => [repository, problems.length])).toEqual([
      ['acme/api', 1],
      ['acme/api', 0],
    ]);
    expect(at.told[0]?.sources).not.toEqual(at.told[1]?.sources);
  });

  it('is the same whichever branch was asked for', async () => {
    at.host.commit('acme/api', 'feature', yaml(broken));
    await at.load('main');
    await at.load('feature');

    expect(at.told[1]).toEqual(at.told[0]);
  });

  it('covers protected branches', async () => {
    at.host.commit('acme/api', 'stable', yaml(broken));
    at.host.protectedBranches.add('acme/api@stable');

    await at.load('main');

    expect(at.told[0]?.problems).toMatchObject([{ branch: 'stable' }]);
  });

  it('is not told of what may have been overtaken', async () => {
    const sha = at.host.commit('acme/api', 'main', yaml(broken));

    await at.load('main', { ref: sha, isNow: false });

    expect(at.told).toEqual([]);
  });
});
