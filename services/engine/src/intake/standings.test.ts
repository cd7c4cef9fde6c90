import { type ConfigurationProblem, type RepositoryKey, repositoryKey } from '@gatehouse/model';
import type { ConfigurationStanding } from '@gatehouse/ports';
import { memoryStore, recordingLog } from '@gatehouse/testkit';
import { expect, test } from 'vitest';
import { acme } from '../testing/world.ts';
import { createStandings, type StandingsDeps } from './standings.ts';

const api = repositoryKey('acme/api');
const web = repositoryKey('acme/web');
const owner = repositoryKey('acme/.gatehouse');

test('what stands wrong is kept, and announced to whoever looks, once', async () => {
  const { tell, store, announced } = await made();
  const problems = [problem('bad'), problem('odd', 'warning')];

  await tell(standing({ problems }));
  await tell(standing({ problems }));

  expect((await store.standings.list(acme)).map(({ errorsCount }) => errorsCount)).toEqual([1]);
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
  const { tell, store } = await made((tellAgain) => ({
    readAgain: async (repository) => {
      again.push(repository);
      await tellAgain(standing({ repository, sources: from('new'), readAt: 2 }));
      return true;
    },
  }));
  await tell(standing({ repository: web, sources: from('old'), problems: [problem('bad')] }));

  await tell(standing({ repository: owner, sources: from('new') }));
  await tell(standing({ repository: owner, sources: from('new') }));

  expect(again).toEqual([web]);
  expect(await store.standings.list(acme)).toEqual([]);
});

test('what is read again has nothing read again itself', async () => {
  const again: RepositoryKey[] = [];
  const { tell } = await made((tellAgain) => ({
    readAgain: async (repository) => {
      again.push(repository);
      await tellAgain(standing({ repository, sources: from(repository), readAt: 2 }));
      return true;
    },
  }));
  const problems = [problem('bad')];
  await tell(standing({ repository: api, sources: from('old'), problems }));
  await tell(standing({ repository: web, sources: from('old'), problems }));

  await tell(standing({ repository: owner, sources: from('new') }));

  expect(again).toEqual([api, web]);
});

test('problems of a repository that is gone go with it', async () => {
  const { tell, store } = await made(() => ({ readAgain: async () => false }));
  await tell(standing({ repository: web, sources: from('old'), problems: [problem('bad')] }));

  await tell(standing({ repository: owner, sources: from('new') }));

  expect(await store.standings.list(acme)).toEqual([]);
});

test('that it cannot be told holds nothing up', async () => {
  const store = memoryStore();
  const standings = { ...store.standings, tell: () => Promise.reject(new Error('away')) };
  const { tell, log } = await made(() => ({ standings }));

  await tell(standing({ problems: [problem('bad')] }));

  expect(log.lines).toMatchObject([{ level: 'warn', fields: { repository: api } }]);
});

type Tell = ReturnType<typeof createStandings>['tell'];

async function made(different: (tell: Tell) => Partial<StandingsDeps> = () => ({})) {
  const store = memoryStore();
  const log = recordingLog();
  const announced: unknown[] = [];
  await store.announcements.listen('changes', (message) => announced.push(message));
  const { standings, announcements } = store;
  const readAgain = () => Promise.reject(new Error('not to be read again'));
  const tell: Tell = (standing) => under.tell(standing);
  const under = createStandings({
    ...{ standings, announcements, log, readAgain },
    ...different(tell),
  });
  return { tell: under.tell, store, log, announced };
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
