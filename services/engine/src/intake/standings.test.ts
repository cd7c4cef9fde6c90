import { type ConfigurationProblem, type RepositoryKey, repositoryKey } from '@gatehouse/model';
import type { ConfigurationStanding } from '@gatehouse/ports';
import { fakeClock, memoryStore, recordingLog } from '@gatehouse/testkit';
import { expect, test } from 'vitest';
import { acme } from '../testing/world.ts';
import { createStandings, type StandingsDeps } from './standings.ts';

const api = repositoryKey('acme/api');
const web = repositoryKey('acme/web');
const owner = repositoryKey('acme/.gatehouse');

test('what stands wrong is kept, logged, and announced to whoever looks, once', async () => {
  const { tell, store, log, announced } = await made();
  const problems = [problem('bad'), problem('odd', 'warning')];

  await tell(standing({ problems }));
  await tell(standing({ problems }));

  expect((await store.standings.list(acme)).map(({ errorsCount }) => errorsCount)).toEqual([1]);
  expect(log.lines).toMatchObject([
    { level: 'info', fields: { repository: api, path: 'zuul.yaml', line: 3, problem: 'bad' } },
  ]);
  expect(announced).toEqual([{ tenant: 'acme' }]);
});

test('what is repaired is announced, too', async () => {
  const { tell, store, announced } = await made();
  await tell(standing({ problems: [problem('bad')] }));

  await tell(standing({ readAt: 2 }));

  expect(await store.standings.list(acme)).toEqual([]);
  expect(announced).toHaveLength(2);
});

test('a configuration without problems is nothing to announce', async () => {
  const { tell, announced } = await made();

  await tell(standing({}));

  expect(announced).toEqual([]);
});

test('who met another content of the same source is read again, and goes when that helped', async () => {
  const again: RepositoryKey[] = [];
  const { tell, store } = await made({
    readAgain: async (repository) => {
      again.push(repository);
      return standing({ repository, sources: from('new'), readAt: 2 });
    },
  });
  await tell(standing({ repository: web, sources: from('old'), problems: [problem('bad')] }));

  await tell(standing({ repository: owner, sources: from('new') }));
  await tell(standing({ repository: owner, sources: from('new') }));

  expect(again).toEqual([web]);
  expect(await store.standings.list(acme)).toEqual([]);
});

test('problems of a repository that is gone go with it', async () => {
  const { tell, store } = await made({ readAgain: async () => null });
  await tell(standing({ repository: web, sources: from('old'), problems: [problem('bad')] }));

  await tell(standing({ repository: owner, sources: from('new') }));

  expect(await store.standings.list(acme)).toEqual([]);
});

test('when the App left repositories of an owner, their problems go, and others stay', async () => {
  const { tell, review, store } = await made({
    readAgain: async (repository) =>
      repository === api ? standing({ problems: [problem('bad')], readAt: 5 }) : null,
  });
  await tell(standing({ problems: [problem('bad')] }));
  await tell(standing({ repository: web, problems: [problem('bad')] }));

  await review('Acme');

  expect((await store.standings.list(acme)).map(({ repository }) => repository)).toEqual([api]);
});

test('that it cannot be told holds nothing up', async () => {
  const store = memoryStore();
  const standings = { ...store.standings, tell: () => Promise.reject(new Error('away')) };
  const { tell, log } = await made({ standings });

  await tell(standing({ problems: [problem('bad')] }));

  expect(log.lines).toMatchObject([{ level: 'warn', fields: { repository: api } }]);
});

async function made(different: Partial<StandingsDeps> = {}) {
  const store = memoryStore();
  const log = recordingLog();
  const announced: unknown[] = [];
  await store.announcements.listen('changes', (message) => announced.push(message));
  const { standings, announcements } = store;
  const readAgain = () => Promise.reject(new Error('not to be read again'));
  const clock = fakeClock(5);
  const deps = { standings, announcements, clock, log, readAgain, ...different };
  return { ...createStandings(deps), store, log, announced };
}

function from(contentHash: string) {
  return [{ repository: owner, branch: null, contentHash }];
}

function standing(different: Partial<ConfigurationStanding>): ConfigurationStanding {
  return { repository: api, sources: [], problems: [], readAt: 1, ...different };
}

function problem(
  message: string,
  level: ConfigurationProblem['level'] = 'error',
): ConfigurationProblem {
  const range = { startLine: 3, startColumn: 1, endLine: 3, endColumn: 2 };
  const place = { repository: api, branch: 'main', path: 'zuul.yaml', range };
  return { level, code: 'unknown-key', message, remedy: null, ...place };
}
