import { buildsetId, effectKey, GatehouseError, repositoryKey } from '@gatehouse/model';
import { noTrigger } from '@gatehouse/pipeline/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AtIntake, atIntake } from '../testing/at-intake.ts';
import { acme, changeNotice, onTry } from '../testing/world.ts';

const repository = repositoryKey('acme/api');

let at: AtIntake;

beforeEach(() => {
  at = atIntake();
});

describe('a delivery about a change', () => {
  it('becomes an event that says how the change stands now', async () => {
    at.around.host.push('acme/api', 7, { 'src/a.ts': '' });

    const event = await at.observed(changeNotice());

    expect(event).toMatchObject({
      id: 'delivery-1/acme/api#7',
      tenant: 'acme',
      change: { number: 7, headSha: at.around.host.edit('acme/api', 7, {}).headSha },
      trigger: { action: 'opened' },
      actor: { login: 'ada', permission: 'none' },
      trust: { isHeadInBase: true },
      reviews: null,
      statuses: null,
    });
    expect(event.pipelines.filter((fact) => fact.takesPart)).toMatchObject([
      { definition: { name: 'check' } },
    ]);
    expect(at.outcomes()).toEqual(['observed: 1 changes']);
  });

  it('costs two requests while it is known that the owner has no configuration', async () => {
    await at.deliver(changeNotice());
    const first = [...at.around.host.calls];

    await at.deliver(changeNotice());

    expect(first).toEqual([
      'readChange',
      'listBranches protected',
      'readConfiguration',
      'readConfiguration',
    ]);
    expect(at.around.host.calls).toEqual(['readChange', 'readConfiguration']);
  });

  it('carries when reading began, however long it took', async () => {
    at = atIntake(({ host, clock }) => ({
      changes: {
        ...host,
        readChange: (...asked) => {
          clock.advance(7_000);
          return host.readChange(...asked);
        },
      },
    }));
    const began = at.around.clock.now();

    expect((await at.observed(changeNotice())).at).toBe(began);
  });

  it('that comes twice is one event', async () => {
    const deliveryId = await at.around.claim(changeNotice());
    const message = { kind: 'delivery', deliveryId, event: 'any' } as const;

    await at.intake.handle(message, onTry(1));
    await at.intake.handle(message, onTry(1));
    await at.around.claim(changeNotice(), deliveryId);
    await at.intake.handle(message, onTry(1));

    expect(await at.around.mailbox()).toHaveLength(1);
  });

  it('is one event when dying before the delivery was marked as worked on', async () => {
    let deaths = 1;
    at = atIntake(({ store }) => ({
      deliveries: {
        ...store.deliveries,
        finishDelivery: async (...given) => {
          deaths -= 1;
          if (deaths === 0) throw new Error('died');
          await store.deliveries.finishDelivery(...given);
        },
      },
    }));
    const deliveryId = await at.around.claim(changeNotice());
    const message = { kind: 'delivery', deliveryId, event: 'any' } as const;
    await expect(at.intake.handle(message, onTry(1))).rejects.toThrow('died');

    await at.intake.handle(message, onTry(2));

    expect(await at.around.mailbox()).toHaveLength(1);
    expect(at.outcomes()).toEqual(['observed: 1 changes']);
  });

  it('that GitHub does not show yet is asked for again, and let go in the end', async () => {
    at.around.host.hidden.add(7);

    for (const attempt of [1, 4]) {
      await expect(at.deliver(changeNotice(), attempt)).rejects.toMatchObject({
        code: 'GATE_GITHUB_NOT_FOUND',
        retryAfterMs: 1_000,
      });
    }
    await at.deliver(changeNotice(), 5);

    expect(await at.around.mailbox()).toEqual([]);
    expect(at.outcomes()).toEqual(['ignored: change acme/api#7 is not shown']);
  });

  it('whose base branch was deleted still tells that it was closed', async () => {
    at.around.host.edit('acme/api', 7, { isOpen: false });
    at.around.host.deleteBranch('acme/api', 'main');

    const event = await at.observed(changeNotice({ trigger: { ...noTrigger, action: 'closed' } }));

    expect(event).toMatchObject({ change: { isOpen: false }, pipelines: [] });
  });
});

describe('deliveries that lead nowhere', () => {
  it('end with the reason', async () => {
    await at.deliver({ kind: 'ignored', reason: 'nobody asked' });
    await at.deliver('{"cut off');
    await at.deliver({ kind: 'installation', account: 'Acme', action: 'created' });

    expect(at.outcomes()).toEqual([
      'ignored: nobody asked',
      'ignored: the body is not JSON',
      'ignored: installation created on Acme',
    ]);
    expect(at.around.forgotten).toEqual(['Acme']);
  });

  it('that were worked on before cost nothing', async () => {
    const message = {
      kind: 'delivery',
      deliveryId: await at.around.claim('x', 'gone'),
      event: 'any',
    } as const;
    await at.around.store.deliveries.finishDelivery(message.deliveryId, 'done');

    expect(await at.intake.handle(message, onTry(1))).toBe('done');
    expect(at.around.host.calls).toEqual([]);
  });

  it('that are given up stay to be redelivered', async () => {
    const deliveryId = await at.around.claim(changeNotice());

    await at.intake.giveUp({ kind: 'delivery', deliveryId, event: 'any' }, new Error('away'));

    expect(await at.around.store.deliveries.readDelivery(deliveryId)).not.toBeNull();
    expect(at.around.log.lines.at(-1)?.level).toBe('error');
  });
});

describe('an administrator', () => {
  const request = { repository, number: 7, pipeline: 'check', requestId: 'r-1' };

  it('puts a change into a pipeline, once however often it is asked', async () => {
    expect(await at.intake.enqueue(request)).toEqual({ code: 'accepted' });
    expect(await at.intake.enqueue(request)).toEqual({ code: 'accepted' });

    expect(await at.around.mailbox()).toMatchObject([{ enqueueIn: 'check' }]);
  });

  it('is told what cannot be', async () => {
    expect(await at.intake.enqueue({ ...request, number: 8 })).toEqual({ code: 'unknown-change' });
    expect(await at.intake.enqueue({ ...request, pipeline: 'gate' })).toEqual({
      code: 'not-in-pipeline',
    });
  });
});

describe('a state that could not be prepared', () => {
  it('ends its run with the reason, and names the branch to remove', async () => {
    const state = { ref: 'x', sha: '1'.repeat(40), baseSha: null, ownedBranch: 'gatehouse/x' };
    const error = new GatehouseError('GATE_GITHUB_REFUSED', 'no');

    await at.intake.giveUp(
      {
        kind: 'state-built',
        tenant: acme,
        buildset: buildsetId('bs-1'),
        key: effectKey('bs-1/prepare'),
        outcome: { code: 'built', state },
      },
      error,
    );

    expect(await at.around.mailbox()).toMatchObject([
      { preparation: { code: 'failed', message: 'no', ownedBranch: 'gatehouse/x' } },
    ]);
  });
});
