import { buildsetId, commitSha, effectKey, GatehouseError, repositoryKey } from '@gatehouse/model';
import type { ChangeObserved, EngineEvent } from '@gatehouse/pipeline';
import { anItem, noTrigger } from '@gatehouse/pipeline/testing';
import type { Notice } from '@gatehouse/ports';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  acme,
  ada,
  changeNotice,
  configuration,
  onTry,
  type World,
  world,
} from '../testing/world.ts';
import { createIntake } from './intake.ts';

const repository = repositoryKey('acme/api');

let around: World;
let intake: ReturnType<typeof createIntake>;

beforeEach(() => {
  around = world();
  intake = createIntake(around.deps);
});

/** Works on a delivery; gives the events that wait then. */
async function deliver(notice: Notice | string, attempt = 5): Promise<readonly EngineEvent[]> {
  const deliveryId = await around.claim(notice);
  around.host.calls.length = 0;
  await intake.handle({ kind: 'delivery', deliveryId, event: 'any' }, onTry(attempt));
  return around.mailbox();
}

async function observed(notice: Notice): Promise<ChangeObserved> {
  const event = (await deliver(notice)).at(-1);
  if (event?.type !== 'ChangeObserved') throw new Error('nothing was observed');
  return event;
}

function outcomes(): unknown[] {
  return around.log.lines
    .filter((line) => line.message === 'delivery worked on')
    .map((line) => line.fields.outcome);
}

const outsider = { author: 'mallory', isHeadInBase: false } as const;
const comment = (text: string) =>
  changeNotice({ trigger: { ...noTrigger, action: 'comment', comment: text } });

describe('a delivery about a change', () => {
  it('becomes an event that says how the change stands now', async () => {
    around.host.push('acme/api', 7, { 'src/a.ts': '' });

    const event = await observed(changeNotice());

    expect(event).toMatchObject({
      id: 'delivery-1/acme/api#7',
      tenant: 'acme',
      change: { number: 7, headSha: around.host.edit('acme/api', 7, {}).headSha },
      trigger: { action: 'opened' },
      actor: { login: 'ada', permission: 'none' },
      trust: { isHeadInBase: true },
      reviews: null,
      statuses: null,
    });
    expect(event.pipelines.filter((fact) => fact.takesPart)).toMatchObject([
      { definition: { name: 'check' } },
    ]);
    expect(outcomes()).toEqual(['observed: 1 changes']);
  });

  it('costs three requests, and two while it is known that the owner has no configuration', async () => {
    await deliver(changeNotice());
    const first = [...around.host.calls];

    await deliver(changeNotice());

    expect(first).toEqual(['readChange', 'readConfiguration', 'readConfiguration']);
    expect(around.host.calls).toEqual(['readChange', 'readConfiguration']);
  });

  it('carries when reading began, however long it took', async () => {
    const began = around.clock.now();
    const { readChange } = around.host;
    const deps = {
      ...around.deps,
      changes: {
        ...around.host,
        readChange: (...asked: Parameters<typeof readChange>) => {
          around.clock.advance(7_000);
          return readChange(...asked);
        },
      },
    };
    intake = createIntake(deps);

    expect((await observed(changeNotice())).at).toBe(began);
  });

  it('that comes twice is one event', async () => {
    const deliveryId = await around.claim(changeNotice());
    const message = { kind: 'delivery', deliveryId, event: 'any' } as const;

    await intake.handle(message, onTry(1));
    await intake.handle(message, onTry(1));
    await around.claim(changeNotice(), deliveryId);
    await intake.handle(message, onTry(1));

    expect(await around.mailbox()).toHaveLength(1);
  });

  it('is one event when dying before the delivery was marked as worked on', async () => {
    const { finishDelivery } = around.store.deliveries;
    let deaths = 1;
    const deliveries = {
      ...around.store.deliveries,
      finishDelivery: async (...given: Parameters<typeof finishDelivery>) => {
        deaths -= 1;
        if (deaths === 0) throw new Error('died');
        await finishDelivery(...given);
      },
    };
    intake = createIntake({ ...around.deps, deliveries });
    const deliveryId = await around.claim(changeNotice());
    const message = { kind: 'delivery', deliveryId, event: 'any' } as const;
    await expect(intake.handle(message, onTry(1))).rejects.toThrow('died');

    await intake.handle(message, onTry(2));

    expect(await around.mailbox()).toHaveLength(1);
    expect(outcomes()).toEqual(['observed: 1 changes']);
  });

  it('that GitHub does not show yet is asked for again, and let go in the end', async () => {
    around.host.hidden.add(7);

    for (const attempt of [1, 4]) {
      await expect(deliver(changeNotice(), attempt)).rejects.toMatchObject({
        code: 'GATE_GITHUB_NOT_FOUND',
        retryAfterMs: 1_000,
      });
    }
    await deliver(changeNotice(), 5);

    expect(await around.mailbox()).toEqual([]);
    expect(outcomes()).toEqual(['ignored: change acme/api#7 is not shown']);
  });

  it('whose base branch was deleted still tells that it was closed', async () => {
    around.host.edit('acme/api', 7, { isOpen: false });
    around.host.deleteBranch('acme/api', 'main');

    const event = await observed(changeNotice({ trigger: { ...noTrigger, action: 'closed' } }));

    expect(event).toMatchObject({ change: { isOpen: false }, pipelines: [] });
  });
});

describe('what is asked about people', () => {
  it('is nothing where the head is in the repository', async () => {
    expect((await observed(changeNotice())).trust?.authorPermission).toBe('none');
    expect(around.host.calls).not.toContain('readPermission');
  });

  it("is the author's right and the approvals where the head comes from elsewhere", async () => {
    around.host.edit('acme/api', 7, outsider);
    const { headSha } = around.host.edit('acme/api', 7, {});
    around.host.approvals.push({ headSha, by: 'grace', via: 'review' });

    const { trust } = await observed(changeNotice());

    expect(trust).toMatchObject({ author: 'mallory', approvals: [{ by: 'grace' }] });
    expect(around.host.calls.slice(-2)).toEqual(['readPermission', 'readApprovals']);
  });

  it('is no approval where the author may write', async () => {
    around.host.edit('acme/api', 7, outsider);
    around.host.people.set('mallory', 'write');

    await deliver(changeNotice());

    expect(around.host.calls.at(-1)).toBe('readPermission');
  });

  it('is nothing where no pipeline could run the head', async () => {
    around.host.commit('acme/api', 'main', { '.gatehouse.yaml': '' });
    around.host.edit('acme/api', 7, {
      ...outsider,
      headSha: around.host.commit('acme/api', 'x', {}),
    });

    await deliver(changeNotice());

    expect(around.host.calls).not.toContain('readPermission');
  });

  it('is nothing once the change is closed', async () => {
    around.host.edit('acme/api', 7, { ...outsider, isOpen: false });

    await deliver(changeNotice());

    expect(around.host.calls).not.toContain('readPermission');
  });

  it('is the right of whoever wrote a command, and not of who wrote anything else', async () => {
    around.host.people.set('ada', 'triage');

    const command = await observed(comment('recheck'));
    const talk = await observed(comment('looks good to me'));

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
    around.host.commit('acme/api', 'main', { '.gatehouse.yaml': pipeline });
    around.host.people.set('ada', 'write');

    expect((await observed(comment('hello'))).actor.permission).toBe('write');
  });
});

describe('a delivery about a check', () => {
  const onHead = (different: Partial<Extract<Notice, { kind: 'head' }>>): Notice => ({
    kind: 'head',
    repository,
    sender: ada,
    headSha: around.host.edit('acme/api', 7, {}).headSha,
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
    around.host.people.set('ada', 'write');
    await around.keep(anItem({ change: around.host.edit('acme/api', 7, {}) }));

    const event = await observed(onHead({ buildset: 'bs-1' }));

    expect(event).toMatchObject({ change: { number: 7 }, actor: { permission: 'write' } });
    expect(around.host.calls).not.toContain('findChangesByHead');
  });

  it('that is not known here is found by its head', async () => {
    expect((await observed(onHead({ buildset: 'bs-unknown' }))).change).toMatchObject({
      number: 7,
    });
    expect((await observed(onHead({ buildset: 'not a word!' }))).change).toMatchObject({
      number: 7,
    });
  });

  it('of another repository is not followed there', async () => {
    around.host.commit('acme/web', 'main', { '.gatehouse.yaml': configuration });
    const elsewhere = around.host.open({ repository: 'acme/web', number: 99 });
    await around.keep(anItem({ change: elsewhere }));

    const event = await observed(onHead({ buildset: 'bs-1' }));

    expect(event.change).toMatchObject({ repository: 'acme/api', number: 7 });
  });

  it('that no pipeline listens to costs nothing but the configuration', async () => {
    const trigger = { ...noTrigger, event: 'status', action: null, status: 'bot:ci:success' };

    await deliver(onHead({ trigger }));

    expect(around.host.calls).toEqual(['readConfiguration', 'readConfiguration']);
    expect(outcomes()).toEqual(['ignored: no pipeline listens to status here']);
  });

  it('on a commit that is the head of nothing is let go', async () => {
    await deliver(onHead({ headSha: commitSha('9'.repeat(40)) }));

    expect(outcomes()).toEqual([`ignored: no change has the head ${'9'.repeat(40)}`]);
  });

  it('of a whole suite tells which pipelines it shows', async () => {
    around.host.shownRuns = [
      { buildset: buildsetId('bs-1'), name: 'gatehouse/check', description: 'x' },
    ];
    const trigger = { ...noTrigger, event: 'check_suite', action: 'rerequested' };

    expect((await observed(onHead({ trigger }))).shownPipelines).toEqual(['check']);
  });

  it('runs a ref again as it was', async () => {
    const headSha = around.host.commit('acme/api', 'main', { 'a.txt': '' });
    const change = {
      kind: 'ref',
      repository,
      isRepositoryPublic: true,
      ref: 'refs/heads/main',
      headSha,
      oldSha: null,
      url: '',
    } as const;
    await around.keep(anItem({ change }));
    around.host.commit('acme/api', 'main', { 'b.txt': '' });

    expect((await observed(onHead({ buildset: 'bs-1', headSha }))).change).toEqual(change);
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

    const unknown = await observed(notice);
    await around.keep(anItem({ change: around.host.edit('acme/api', 7, {}) }));
    const known = await observed(notice);

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
    newSha: around.host.commit('acme/api', 'main', { 'a.txt': '' }),
    commitUrl: 'https://github.example/acme/api/commit/1',
    paths: null,
    ...different,
  });

  it('becomes an event that is trusted: what is in the repository is', async () => {
    expect(await observed(push())).toMatchObject({
      change: { kind: 'ref', ref: 'refs/heads/main' },
      trust: null,
    });
  });

  it('that is gone, or of a repository that is not shown, is let go', async () => {
    await deliver(push({ newSha: null }));
    await deliver(push({ repository: repositoryKey('acme/secret') }));
    await deliver(push({ newSha: commitSha('9'.repeat(40)) }));

    expect(outcomes()).toEqual([
      'ignored: refs/heads/main was deleted',
      'ignored: acme/secret is not shown',
      'ignored: acme/api has no configuration at refs/heads/main',
    ]);
  });
});

describe('the first configuration of a repository', () => {
  beforeEach(() => {
    around.host.commit('acme/new', 'main', { 'README.md': '' });
    const files = { '.gatehouse.yaml': configuration };
    around.host.open({ repository: 'acme/new', number: 1, ...outsider, files });
  });

  const notice = (different = {}) => ({
    ...changeNotice({ number: 1, ...different }),
    repository: repositoryKey('acme/new'),
  });
  const takesPart = (event: ChangeObserved) =>
    event.pipelines.filter((fact) => fact.takesPart).map((fact) => fact.definition.name);

  it('makes the change that brings it take part', async () => {
    expect(takesPart(await observed(notice()))).toEqual(['check']);
  });

  it('counts also when somebody approved the change', async () => {
    const trigger = { ...noTrigger, event: 'pull_request_review', action: 'submitted' };

    expect(takesPart(await observed(notice({ trigger })))).toEqual(['check']);
  });

  it('is not asked for what could start nothing', async () => {
    const trigger = { ...noTrigger, action: 'labeled', label: 'x' };

    expect(takesPart(await observed(notice({ trigger })))).toEqual([]);
  });
});

describe('deliveries that lead nowhere', () => {
  it('end with the reason', async () => {
    await deliver({ kind: 'ignored', reason: 'nobody asked' });
    await deliver('{"cut off');
    await deliver({ kind: 'installation', account: 'Acme', action: 'created' });

    expect(outcomes()).toEqual([
      'ignored: nobody asked',
      'ignored: the body is not JSON',
      'ignored: installation created on Acme',
    ]);
    expect(around.forgotten).toEqual(['Acme']);
  });

  it('that were worked on before cost nothing', async () => {
    const message = {
      kind: 'delivery',
      deliveryId: await around.claim('x', 'gone'),
      event: 'any',
    } as const;
    await around.store.deliveries.finishDelivery(message.deliveryId, 'done');

    expect(await intake.handle(message, onTry(1))).toBe('done');
    expect(around.host.calls).toEqual([]);
  });

  it('that are given up stay to be redelivered', async () => {
    const deliveryId = await around.claim(changeNotice());

    await intake.giveUp({ kind: 'delivery', deliveryId, event: 'any' }, new Error('away'));

    expect(await around.store.deliveries.readDelivery(deliveryId)).not.toBeNull();
    expect(around.log.lines.at(-1)?.level).toBe('error');
  });
});

describe('an administrator', () => {
  const request = { repository, number: 7, pipeline: 'check', requestId: 'r-1' };

  it('puts a change into a pipeline, once however often it is asked', async () => {
    expect(await intake.enqueue(request)).toEqual({ code: 'accepted' });
    expect(await intake.enqueue(request)).toEqual({ code: 'accepted' });

    expect(await around.mailbox()).toMatchObject([{ enqueueIn: 'check' }]);
  });

  it('is told what cannot be', async () => {
    expect(await intake.enqueue({ ...request, number: 8 })).toEqual({ code: 'unknown-change' });
    expect(await intake.enqueue({ ...request, pipeline: 'gate' })).toEqual({
      code: 'not-in-pipeline',
    });
  });
});

describe('a state that could not be prepared', () => {
  it('ends its run with the reason, and names the branch to remove', async () => {
    const state = { ref: 'x', sha: '1'.repeat(40), baseSha: null, ownedBranch: 'gatehouse/x' };
    const error = new GatehouseError('GATE_GITHUB_REFUSED', 'no');

    await intake.giveUp(
      {
        kind: 'state-built',
        tenant: acme,
        buildset: buildsetId('bs-1'),
        key: effectKey('bs-1/prepare'),
        outcome: { code: 'built', state },
      },
      error,
    );

    expect(await around.mailbox()).toMatchObject([
      { preparation: { code: 'failed', message: 'no', ownedBranch: 'gatehouse/x' } },
    ]);
  });
});
