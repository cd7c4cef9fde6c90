/** What deliveries leave behind of how configurations stand. */
import { repositoryKey } from '@gatehouse/model';
import { noTrigger } from '@gatehouse/pipeline/testing';
import type { Notice } from '@gatehouse/ports';
import { beforeEach, expect, it, vi } from 'vitest';
import { type AtIntake, atIntake } from '../testing/at-intake.ts';
import { acme, ada, changeNotice, configuration } from '../testing/world.ts';
import { createNotedLayouts } from './noted-layouts.ts';
import { questionOfDefault } from './sources.ts';

const repository = repositoryKey('acme/api');
const BROKEN = `${configuration}- job: {name: odd, runn: x}\n`;
const REPAIRED = `${configuration}# repaired\n`;
let at: AtIntake;
let isThere: boolean;

beforeEach(() => {
  isThere = true;
  at = atIntake(({ host }) => ({
    changes: {
      ...host,
      readRepository: async (asked) => (isThere ? host.readRepository(asked) : null),
    },
  }));
});

it('is said with the push that breaks it, and with the one that repairs it', async () => {
  await at.deliver(push(BROKEN));
  const broken = await kept();
  at.around.clock.advance(1);
  await at.deliver(push(configuration));

  expect(broken).toMatchObject([
    { repository, errorsCount: 1, problems: [{ path: '.gatehouse.yaml', branch: 'main' }] },
  ]);
  expect(await kept()).toEqual([]);
});

it('is said as it is now when an older push is worked on after a newer one', async () => {
  const older = push(configuration);
  const newer = push(BROKEN);

  await at.deliver(newer);
  at.around.clock.advance(1);
  await at.deliver(older);

  expect(await kept()).toMatchObject([{ repository, errorsCount: 1 }]);
});

it('is said once the delivery has become an event, and not of what is only proposed', async () => {
  at.around.host.push('acme/api', 7, { '.gatehouse.yaml': BROKEN });

  expect(await at.deliver(changeNotice())).toHaveLength(1);
  expect(await kept()).toEqual([]);
});

it('is forgotten when the App no longer sees the repository', async () => {
  await at.deliver(push(BROKEN));
  isThere = false;
  at.around.clock.advance(1);

  await at.deliver({ kind: 'installation', account: 'acme', action: 'repositories_removed' });

  expect(await kept()).toEqual([]);
});

it('is told as the load that began last saw it, whichever ends last', async () => {
  const slow = Promise.withResolvers<void>();
  const { host, clock, deps } = at.around;
  let isSlow = true;
  const reader = {
    ...host,
    readConfiguration: async (...asked: Parameters<typeof host.readConfiguration>) => {
      const waits = isSlow;
      const found = await host.readConfiguration(...asked);
      if (waits) await slow.promise;
      return found;
    },
  };
  const { layouts, tellNotes } = createNotedLayouts({ ...deps, configuration: reader });
  const question = questionOfDefault({ repository, isPublic: true, defaultBranch: 'main' });
  host.commit('acme/api', 'main', { '.gatehouse.yaml': BROKEN });
  const before = layouts.at(question);
  await vi.waitUntil(() => host.configurationsRead.some((one) => one.startsWith('acme/api@')));
  isSlow = false;
  clock.advance(1);
  host.commit('acme/api', 'main', { '.gatehouse.yaml': REPAIRED });
  await layouts.at(question);
  slow.resolve();
  await before;

  await tellNotes();

  expect(await kept()).toEqual([]);
});

it('holds no delivery up when it cannot be said', async () => {
  at = atIntake(({ store }) => ({
    standings: { ...store.standings, tell: () => Promise.reject(new Error('away')) },
  }));

  const events = await at.deliver(push(BROKEN));

  expect(events).toHaveLength(1);
  expect(at.outcomes()).toEqual(['observed: 1 changes']);
});

function kept() {
  return at.around.store.standings.list(acme);
}

/** A push to the default branch, with this configuration. */
function push(text: string): Notice {
  return {
    kind: 'ref',
    repository,
    sender: ada,
    trigger: { ...noTrigger, event: 'push', ref: 'refs/heads/main' },
    ref: 'refs/heads/main',
    oldSha: null,
    newSha: at.around.host.commit('acme/api', 'main', { '.gatehouse.yaml': text }),
    commitUrl: 'https://github.example/acme/api/commit/1',
    paths: null,
  };
}
