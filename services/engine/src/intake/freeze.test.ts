import { effectKey, type Json } from '@gatehouse/model';
import type { Item, Preparation } from '@gatehouse/pipeline';
import { anItem, aPipeline } from '@gatehouse/pipeline/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { acme, configuration, onTry, type World, world } from '../testing/world.ts';
import { createIntake } from './intake.ts';

let around: World;
let intake: ReturnType<typeof createIntake>;

beforeEach(() => {
  around = world();
  intake = createIntake(around.deps);
});

const outsider = { author: 'mallory', isHeadInBase: false } as const;
const untrusted = { isTrusted: false, author: 'mallory', authorPermission: 'none' } as const;

/** The item of change 7, which brings these files. */
function itemWith(files: Record<string, string>, different: Partial<Item> = {}): Item {
  const change = around.host.push('acme/api', 7, files);
  return anItem({ change, pipeline: aPipeline({ name: 'check' }), ...different });
}

/** What the merger says of an item's change: merged with the base as it is now. */
async function built(): Promise<Json> {
  const { repository } = around.host.edit('acme/api', 7, {});
  const test = await around.host.readTestMerge(repository, 7);
  if (test.code !== 'merged') throw new Error('there is no test merge');
  const [baseSha = null] = test.parents;
  return {
    code: 'built',
    state: { ref: test.ref, sha: test.sha, baseSha, ownedBranch: null },
  };
}

/** Prepares an item from what the merger said; gives what the engine is told. */
async function prepared(item: Item, outcome: Json, attempt = 1): Promise<Preparation> {
  await around.keep(item);
  around.host.calls.length = 0;
  const { buildset } = item;
  const key = effectKey(`${buildset}/prepare`);
  await intake.handle(
    { kind: 'state-built', tenant: acme, buildset, key, outcome },
    onTry(attempt),
  );
  const event = (await around.mailbox()).at(-1);
  if (event?.type !== 'ItemPrepared') throw new Error('nothing was told');
  return event.preparation;
}

function jobsOf(preparation: Preparation): readonly string[] {
  if (preparation.code !== 'ready') throw new Error(`not ready but ${preparation.code}`);
  return preparation.jobs.map(
    (job) => `${job.name}${job.isAlteredByChange ? ' altered' : ''}${job.isVoting ? '' : ' nv'}`,
  );
}

const withLint = `${configuration}
- job: {name: lint, run: npm run lint}
- project: {check: {jobs: [lint]}}
`;
const otherCommand = configuration.replace('npm test', 'rm -rf /');
const withoutJobs = '- project: {check: {jobs: []}}';

describe('the jobs of a change', () => {
  it("are the base's where it does not touch the configuration", async () => {
    const item = itemWith({ 'src/a.ts': '' });

    expect(jobsOf(await prepared(item, await built()))).toEqual(['unit']);
  });

  it('cost three requests where base and branches were read before', async () => {
    const item = itemWith({ 'src/a.ts': '' });
    await prepared(item, await built());

    await prepared(item, await built());

    expect(around.host.calls).toEqual([
      'readConfiguration',
      'readConfiguration',
      'readChangedFiles',
    ]);
  });

  it('are its own where it changes them, and say which it altered', async () => {
    const added = itemWith({ '.gatehouse.yaml': withLint });
    const jobs = jobsOf(await prepared(added, await built()));

    expect(jobs).toEqual(['unit', 'lint altered']);
  });

  it('are marked as altered where the command is another one', async () => {
    const item = itemWith({ '.gatehouse.yaml': otherCommand });

    expect(jobsOf(await prepared(item, await built()))).toEqual(['unit altered']);
  });

  it("of a reviewed pipeline are the base's for an untrusted head", async () => {
    const pipeline = aPipeline({ name: 'check', isPostReview: true });
    const item = itemWith({ '.gatehouse.yaml': withLint }, { pipeline, trust: untrusted });

    expect(jobsOf(await prepared(item, await built()))).toEqual(['unit']);
  });

  it('of a reviewed pipeline are its own for a trusted head', async () => {
    const pipeline = aPipeline({ name: 'check', isPostReview: true });
    const item = itemWith({ '.gatehouse.yaml': withLint }, { pipeline });

    expect(jobsOf(await prepared(item, await built()))).toEqual(['unit', 'lint altered']);
  });

  it('are not called altered when the base was, after the merge', async () => {
    const item = itemWith({ 'src/a.ts': '' }, { trust: untrusted });
    const outcome = await built();
    around.host.commit('acme/api', 'main', { '.gatehouse.yaml': otherCommand });

    expect(jobsOf(await prepared(item, outcome))).toEqual(['unit']);
  });

  it('that would all be gone are told as such', async () => {
    const item = itemWith({ '.gatehouse.yaml': withoutJobs }, { trust: untrusted });

    expect(await prepared(item, await built())).toMatchObject({
      code: 'ready',
      jobs: [],
      removesAllVoting: true,
    });
  });

  it.each([
    ['by one that does nothing', '- project: {check: {jobs: [noop]}}', true],
    ['by another one', "- job: {name: x, run: 'true'}\n- project: {check: {jobs: [x]}}", true],
    ['beside one that is added', withLint, false],
  ])('count as all gone where each of them is replaced: %s', async (_, text, isGone) => {
    const item = itemWith({ '.gatehouse.yaml': text }, { trust: untrusted });

    expect(await prepared(item, await built())).toMatchObject({ removesAllVoting: isGone });
  });

  it('are not known to be fewer than those of a base with errors, unless there are none', async () => {
    const broken = '- project: {check: {jobs: [3]}}';
    around.host.commit('acme/api', 'main', { '.gatehouse.yaml': broken });
    const removed = async (text: string) =>
      prepared(itemWith({ '.gatehouse.yaml': text }, { trust: untrusted }), await built());

    expect(await removed(withoutJobs)).toMatchObject({ removesAllVoting: true });
    expect(await removed(withLint)).toMatchObject({ removesAllVoting: false });
  });

  it('come with the wish of their project for debugging', async () => {
    const debugging = `${configuration}\n- project: {check: {debug: true, jobs: [unit]}}\n`;
    const isDebug = async (files: Record<string, string>) =>
      prepared(itemWith(files), await built());

    expect(await isDebug({ 'src/a.ts': '' })).toMatchObject({ code: 'ready', isDebug: false });
    expect(await isDebug({ '.gatehouse.yaml': debugging })).toMatchObject({ isDebug: true });
  });

  it('of a moved ref are those of its own commit', async () => {
    const headSha = around.host.commit('acme/api', 'main', { '.gatehouse.yaml': withLint });
    const { repository, url, isRepositoryPublic } = around.host.edit('acme/api', 7, outsider);
    const place = { repository, url, isRepositoryPublic };
    const change = {
      kind: 'ref',
      ref: 'refs/heads/main',
      headSha,
      oldSha: null,
      ...place,
    } as const;
    const state = { ref: change.ref, sha: headSha, baseSha: null, ownedBranch: null };

    const preparation = await prepared(anItem({ change }), { code: 'built', state });

    expect(jobsOf(preparation)).toEqual(['unit', 'lint']);
  });

  it("of a tag are the default branch's, chosen by its full name", async () => {
    const { headSha, repository, url } = around.host.edit('acme/api', 7, {});
    const onTags = "- job: {name: release, branches: ['refs/tags/v.*'], run: make release}";
    const onMain = "- job: {name: unit, branches: ['main'], run: npm test}";
    const project = '- project: {check: {jobs: [release, unit]}}';
    const text = [onTags, onMain, project].join('\n');
    around.host.commit('acme/api', 'main', { '.gatehouse.yaml': text });
    const place = { repository, url, isRepositoryPublic: true, defaultBranch: 'main' };
    const change = { kind: 'ref', ref: 'refs/tags/v1', headSha, oldSha: null, ...place } as const;
    const state = { ref: change.ref, sha: headSha, baseSha: null, ownedBranch: null };

    const preparation = await prepared(anItem({ change }), { code: 'built', state });

    expect(jobsOf(preparation)).toEqual(['release']);
  });

  it('for another branch are those of its base, whatever happened to the default branch', async () => {
    const old = configuration.replaceAll('unit', 'old-unit');
    around.host.commit('acme/api', 'stable', { '.gatehouse.yaml': old });
    around.host.open({ repository: 'acme/api', number: 7, baseRef: 'stable' });
    const item = itemWith({ 'src/a.ts': '' });
    const outcome = await built();
    around.host.commit('acme/api', 'stable', { '.gatehouse.yaml': configuration });
    around.host.commit('acme/api', 'main', { '.gatehouse.yaml': withLint });

    expect(jobsOf(await prepared(item, outcome))).toEqual(['old-unit']);
  });
});

describe('errors in configuration', () => {
  const broken = `${configuration}\n- job: {name: bad, rnu: x}\n`;

  it('that the change brings fail it, each at its place', async () => {
    const item = itemWith({ '.gatehouse.yaml': broken });

    expect(await prepared(item, await built())).toMatchObject({
      code: 'misconfigured',
      problems: [{ path: '.gatehouse.yaml', level: 'error', range: { startLine: 6 } }],
    });
  });

  it('that only warn are told on the run, if the change brings them', async () => {
    const tagged = "- job: {name: extra, run: 'true', tags: [slow]}";
    const item = itemWith({ '.gatehouse.yaml': `${configuration}\n${tagged}\n` });

    const preparation = await prepared(item, await built());

    expect(preparation.code).toBe('ready');
    expect(preparation).toHaveProperty('warnings', [
      expect.objectContaining({ path: '.gatehouse.yaml', level: 'warning' }),
    ]);
  });

  it('that the base has already do not fail it', async () => {
    around.host.commit('acme/api', 'main', { '.gatehouse.yaml': broken });
    const item = itemWith({ '.gatehouse.yaml': `# a remark\n${broken}` });

    expect(jobsOf(await prepared(item, await built()))).toEqual(['unit']);
  });

  it('fail it also where its configuration would not be used', async () => {
    const pipeline = aPipeline({ name: 'check', isPostReview: true });
    const item = itemWith({ '.gatehouse.yaml': broken }, { pipeline, trust: untrusted });

    expect((await prepared(item, await built())).code).toBe('misconfigured');
  });
});

describe('a state that was not built or cannot be read', () => {
  it('is told as the merger told it', async () => {
    const outcome = { code: 'conflict', message: 'no', ownedBranch: 'gatehouse/x' };

    expect(await prepared(itemWith({}), outcome)).toEqual(outcome);
  });

  it('is waited for while GitHub does not show it, and given up in the end', async () => {
    const item = itemWith({});
    const [baseSha] = [around.host.edit('acme/api', 7, {}).baseSha];
    const sha = '9'.repeat(40);
    const outcome = {
      code: 'built',
      state: { ref: 'x', sha, baseSha, ownedBranch: 'gatehouse/x' },
    };

    await expect(prepared(item, outcome, 4)).rejects.toMatchObject({ retryAfterMs: 1_000 });
    expect(await prepared(item, outcome, 5)).toMatchObject({
      code: 'failed',
      ownedBranch: 'gatehouse/x',
    });
  });

  it('whose base is gone ends the run', async () => {
    const state = { ref: 'x', sha: '9'.repeat(40), baseSha: '8'.repeat(40), ownedBranch: null };

    expect((await prepared(itemWith({}), { code: 'built', state })).code).toBe('gone');
  });

  it('is not tried again when its outcome makes no sense', async () => {
    await expect(prepared(itemWith({}), { code: 'built' })).rejects.toMatchObject({
      kind: 'invariant',
    });
  });

  it('of a run that is over costs nothing; only its branch is named to be removed', async () => {
    const over = { phase: 'completed', verdict: { outcome: 'cancelled', reasons: [] } } as const;
    const state = { ref: 'x', sha: '9'.repeat(40), baseSha: null, ownedBranch: 'gatehouse/x' };

    const preparation = await prepared(itemWith({}, over), { code: 'built', state });

    expect(preparation).toMatchObject({ code: 'gone', ownedBranch: 'gatehouse/x' });
    expect(around.host.calls).toEqual([]);
  });

  it('is told once however often it is sent, and again when it came out differently', async () => {
    const item = itemWith({});
    const first = await built();
    const ownedBranch = 'gatehouse/check/bs-1';

    for (const outcome of [first, first, { code: 'gone', message: 'x', ownedBranch }]) {
      await prepared(item, outcome);
    }

    expect(await around.mailbox()).toHaveLength(2);
  });

  it('of an unknown run is let go', async () => {
    const { buildset } = anItem();
    const key = effectKey('x');
    const outcome = await built();

    await intake.handle({ kind: 'state-built', tenant: acme, buildset, key, outcome }, onTry(1));

    expect(await around.mailbox()).toEqual([]);
  });
});
