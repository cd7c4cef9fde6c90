import { buildsetId, commitSha, repositoryKey } from '@gatehouse/model';
import type { ChangeObserved } from '@gatehouse/pipeline';
import { anItem, noTrigger } from '@gatehouse/pipeline/testing';
import type { Notice } from '@gatehouse/ports';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AtIntake, atIntake } from '../testing/at-intake.ts';
import { ada, changeNotice, configuration } from '../testing/world.ts';

const repository = repositoryKey('acme/api');
const outsider = { author: 'mallory', isHeadInBase: false } as const;
const comment = (text: string) =>
  changeNotice({ trigger: { ...noTrigger, action: 'comment', comment: text } });

let at: AtIntake;

beforeEach(() => {
  at = atIntake();
});

describe('what is asked about people', () => {
  it('is nothing where the head is in the repository', async () => {
    expect((await at.observed(changeNotice())).trust?.authorPermission).toBe('none');
    expect(at.around.host.calls).not.toContain('readPermission');
  });

  it("is the author's right and the approvals where the head comes from elsewhere", async () => {
    at.around.host.edit('acme/api', 7, outsider);
    const { headSha } = at.around.host.edit('acme/api', 7, {});
    at.around.host.approvals.push({ headSha, by: 'grace', via: 'review' });

    const { trust } = await at.observed(changeNotice());

    expect(trust).toMatchObject({ author: 'mallory', approvals: [{ by: 'grace' }] });
    expect(at.around.host.calls.slice(-2)).toEqual(['readPermission', 'readApprovals']);
  });

  it('is no approval where the author may write', async () => {
    at.around.host.edit('acme/api', 7, outsider);
    at.around.host.people.set('mallory', 'write');

    await at.deliver(changeNotice());

    expect(at.around.host.calls.at(-1)).toBe('readPermission');
  });

  it('is nothing where no pipeline could run the head', async () => {
    at.around.host.commit('acme/api', 'main', { '.gatehouse.yaml': '' });
    at.around.host.edit('acme/api', 7, {
      ...outsider,
      headSha: at.around.host.commit('acme/api', 'x', {}),
    });

    await at.deliver(changeNotice());

    expect(at.around.host.calls).not.toContain('readPermission');
  });

  it('is nothing once the change is closed', async () => {
    at.around.host.edit('acme/api', 7, { ...outsider, isOpen: false });

    await at.deliver(changeNotice());

    expect(at.around.host.calls).not.toContain('readPermission');
  });

  it('is the right of whoever wrote a command, and not of who wrote anything else', async () => {
    at.around.host.people.set('ada', 'triage');

    const command = await at.observed(comment('recheck'));
    const talk = await at.observed(comment('looks good to me'));

    expect(command.actor.permission).toBe('triage');
    expect(talk.actor.permission).toBe('none');
  });

  it('is the right of whoever wrote any comment where a pipeline takes every one of a writer', async () => {
    const pipeline = `
- pipeline:
    name: any
    manager: independent
    trigger: {github: [{event: pull_request, action: comment, permission: write}]}
- job: {name: unit, run: npm test}
- project: {any: {jobs: [unit]}}
`;
    at.around.host.commit('acme/api', 'main', { '.gatehouse.yaml': pipeline });
    at.around.host.people.set('ada', 'write');

    expect((await at.observed(comment('hello'))).actor.permission).toBe('write');
  });
});

describe('a delivery about a check', () => {
  const onHead = (different: Partial<Extract<Notice, { kind: 'head' }>>): Notice => ({
    kind: 'head',
    repository,
    sender: ada,
    headSha: at.around.host.edit('acme/api', 7, {}).headSha,
    buildset: null,
    trigger: {
      ...noTrigger,
      event: 'check_run',
      action: 'rerequested',
      check: 'gatehouse:gatehouse/check:failure',
    },
    ...different,
  });

  it('of ours leads to its change without a search', async () => {
    at.around.host.people.set('ada', 'write');
    await at.around.keep(anItem({ change: at.around.host.edit('acme/api', 7, {}) }));

    const event = await at.observed(onHead({ buildset: 'bs-1' }));

    expect(event).toMatchObject({ change: { number: 7 }, actor: { permission: 'write' } });
    expect(at.around.host.calls).not.toContain('findChangesByHead');
  });

  it('that is not known here is found by its head', async () => {
    expect((await at.observed(onHead({ buildset: 'bs-unknown' }))).change).toMatchObject({
      number: 7,
    });
    expect((await at.observed(onHead({ buildset: 'not a word!' }))).change).toMatchObject({
      number: 7,
    });
  });

  it('of another repository is not followed there', async () => {
    at.around.host.commit('acme/web', 'main', { '.gatehouse.yaml': configuration });
    const elsewhere = at.around.host.open({ repository: 'acme/web', number: 99 });
    await at.around.keep(anItem({ change: elsewhere }));

    const event = await at.observed(onHead({ buildset: 'bs-1' }));

    expect(event.change).toMatchObject({ repository: 'acme/api', number: 7 });
  });

  it('that no pipeline listens to costs nothing but the configuration', async () => {
    const trigger = { ...noTrigger, event: 'status', action: null, status: 'bot:ci:success' };

    await at.deliver(onHead({ trigger }));

    expect(at.around.host.calls).toEqual(['readConfiguration', 'readConfiguration']);
    expect(at.outcomes()).toEqual(['ignored: no pipeline listens to status here']);
  });

  it('on a commit that is the head of nothing is let go', async () => {
    await at.deliver(onHead({ headSha: commitSha('9'.repeat(40)) }));

    expect(at.outcomes()).toEqual([`ignored: no change has the head ${'9'.repeat(40)}`]);
  });

  it('of a whole suite tells which pipelines it shows', async () => {
    at.around.host.shownRuns = [
      { buildset: buildsetId('bs-1'), name: 'gatehouse/check', description: 'x' },
    ];
    const trigger = { ...noTrigger, event: 'check_suite', action: 'rerequested' };

    expect((await at.observed(onHead({ trigger }))).shownPipelines).toEqual(['check']);
  });

  it('runs a ref again as it was', async () => {
    const headSha = at.around.host.commit('acme/api', 'main', { 'a.txt': '' });
    const change = {
      kind: 'ref',
      repository,
      isRepositoryPublic: true,
      ref: 'refs/heads/main',
      headSha,
      oldSha: null,
      url: '',
    } as const;
    await at.around.keep(anItem({ change }));
    at.around.host.commit('acme/api', 'main', { 'b.txt': '' });

    expect((await at.observed(onHead({ buildset: 'bs-1', headSha }))).change).toEqual(change);
  });

  it('carries a button only where the run is known here', async () => {
    const { headSha, trigger } = onHead({}) as Extract<Notice, { kind: 'head' }>;
    const press = {
      kind: 'button',
      repository,
      sender: ada,
      headSha,
      identifier: 'abort',
    } as const;
    const notice = {
      ...press,
      buildset: 'bs-1',
      trigger: { ...trigger, action: 'requested_action' },
    };

    const unknown = await at.observed(notice);
    await at.around.keep(anItem({ change: at.around.host.edit('acme/api', 7, {}) }));
    const known = await at.observed(notice);

    expect(unknown.button).toBeNull();
    expect(known.button).toEqual({ buildset: 'bs-1', identifier: 'abort', headSha });
  });
});

describe('a delivery about a ref', () => {
  const push = (different: Partial<Extract<Notice, { kind: 'ref' }>> = {}): Notice => ({
    kind: 'ref',
    repository,
    sender: ada,
    trigger: { ...noTrigger, event: 'push', ref: 'refs/heads/main' },
    ref: 'refs/heads/main',
    oldSha: null,
    newSha: at.around.host.commit('acme/api', 'main', { 'a.txt': '' }),
    commitUrl: 'https://github.example/acme/api/commit/1',
    paths: null,
    ...different,
  });

  it('becomes an event that is trusted: what is in the repository is', async () => {
    expect(await at.observed(push())).toMatchObject({
      change: { kind: 'ref', ref: 'refs/heads/main' },
      trust: null,
    });
  });

  it('that is gone, or of a repository that is not shown, is let go', async () => {
    await at.deliver(push({ newSha: null }));
    await at.deliver(push({ repository: repositoryKey('acme/secret') }));
    await at.deliver(push({ newSha: commitSha('9'.repeat(40)) }));

    expect(at.outcomes()).toEqual([
      'ignored: refs/heads/main was deleted',
      'ignored: acme/secret is not shown',
      'ignored: acme/api has no configuration at refs/heads/main',
    ]);
  });
});

describe('the first configuration of a repository', () => {
  beforeEach(() => {
    at.around.host.commit('acme/new', 'main', { 'README.md': '' });
    const files = { '.gatehouse.yaml': configuration };
    at.around.host.open({ repository: 'acme/new', number: 1, ...outsider, files });
  });

  const notice = (different = {}) => ({
    ...changeNotice({ number: 1, ...different }),
    repository: repositoryKey('acme/new'),
  });
  const takesPart = (event: ChangeObserved) =>
    event.pipelines.filter((fact) => fact.takesPart).map((fact) => fact.definition.name);

  it('makes the change that brings it take part', async () => {
    expect(takesPart(await at.observed(notice()))).toEqual(['check']);
  });

  it('counts also when somebody approved the change', async () => {
    const trigger = { ...noTrigger, event: 'pull_request_review', action: 'submitted' };

    expect(takesPart(await at.observed(notice({ trigger })))).toEqual(['check']);
  });

  it('is not asked for what could start nothing', async () => {
    const trigger = { ...noTrigger, action: 'labeled', label: 'x' };

    expect(takesPart(await at.observed(notice({ trigger })))).toEqual([]);
  });
});
