import type { LayoutSource } from '@gatehouse/layout';
import { type ConfigurationProblem, type RepositoryKey, repositoryKey } from '@gatehouse/model';
import type { ConfigurationStanding, StandingAnswer } from '@gatehouse/ports';
import { memoryStore, recordingLog } from '@gatehouse/testkit';
import { expect, test } from 'vitest';
import { acme } from '../testing/world.ts';
import { createStandings, type Reading, type SourceRead } from './standings.ts';

const api = repositoryKey('acme/api');
const web = repositoryKey('acme/web');
const owner = repositoryKey('acme/.gatehouse');

test('what stands wrong is kept, logged, and announced to whoever looks, once', async () => {
  const { standings, store, log, announced } = await made();
  const sources = [source(api, 'broken')];

  await standings.tell(reading({ sources, problems: [problem('bad'), problem('odd', 'warning')] }));
  await standings.tell(reading({ sources, problems: [problem('bad'), problem('odd', 'warning')] }));

  expect((await store.standings.list(acme)).map(({ errorsCount }) => errorsCount)).toEqual([1]);
  expect(log.lines).toMatchObject([
    { level: 'info', fields: { repository: api, path: 'zuul.yaml', line: 3, problem: 'bad' } },
  ]);
  expect(announced).toEqual([{ tenant: 'acme' }]);
});

test('what is repaired is announced, too', async () => {
  const { standings, store, announced } = await made();
  await standings.tell(reading({ problems: [problem('bad')] }));

  await standings.tell(reading({ sources: [source(api, 'mended')], readAt: 2 }));

  expect(await store.standings.list(acme)).toEqual([]);
  expect(announced).toHaveLength(2);
});

test('a configuration without problems is nothing to write or to announce', async () => {
  const { standings, announced } = await made();

  await standings.tell(reading({}));

  expect(announced).toEqual([]);
});

test('repositories that met another content of the same source are to be read again', async () => {
  const { standings } = await made();
  const from = (text: string) => [source(owner, text, 'owner'), source(web, 'same')];
  await standings.tell(
    reading({ repository: web, sources: from('old'), problems: [problem('bad')] }),
  );

  const first = await standings.tell(
    reading({ sources: [source(owner, 'new', 'owner'), source(api, 'own')] }),
  );
  await standings.tell(reading({ repository: web, sources: from('new') }));
  const second = await standings.tell(
    reading({ sources: [source(owner, 'new', 'owner'), source(api, 'own')] }),
  );

  expect([first, second]).toEqual([[web], []]);
});

test('a source of several branches is one, and others without files are none', async () => {
  const told: ConfigurationStanding[] = [];
  const { standings } = await made(async (standing) => {
    told.push(standing);
    return { code: 'same', outdated: [] };
  });
  const on = (read: SourceRead, different: Partial<LayoutSource>): SourceRead => ({
    ...read,
    source: { ...read.source, ...different },
  });
  const empty = on(source(web, ''), { files: [] });
  const branches = [source(api, 'a'), on(source(api, 'b'), { branch: 'stable' })];

  await standings.tell(reading({ sources: [source(owner, 'o', 'owner'), ...branches, empty] }));
  await standings.tell(reading({ repository: web, sources: [empty] }));

  expect(told.map(({ sources }) => sources.map(({ repository }) => repository))).toEqual([
    [owner, api],
    [web],
  ]);
});

test('that it cannot be told holds nothing up', async () => {
  const { standings, log } = await made(() => Promise.reject(new Error('Redis is away')));

  const outdated = await standings.tell(reading({ problems: [problem('bad')] }));

  expect(outdated).toEqual([]);
  expect(log.lines).toMatchObject([{ level: 'warn', fields: { repository: api } }]);
});

async function made(tell?: (standing: ConfigurationStanding) => Promise<StandingAnswer>) {
  const store = memoryStore();
  const log = recordingLog();
  const announced: unknown[] = [];
  await store.announcements.listen('changes', (message) => announced.push(message));
  const port = tell === undefined ? store.standings : { ...store.standings, tell };
  const { announcements } = store;
  return {
    standings: createStandings({ standings: port, announcements, log }),
    store,
    log,
    announced,
  };
}

function reading(different: Partial<Reading>): Reading {
  const { repository = api } = different;
  return { repository, sources: [source(repository, 'x')], problems: [], readAt: 1, ...different };
}

function source(
  repository: RepositoryKey,
  text: string,
  role: LayoutSource['role'] = 'repository',
): SourceRead {
  const files = [{ path: 'zuul.yaml', text }];
  return { source: { repository, branch: 'main', role, files }, contentHash: text };
}

function problem(
  message: string,
  level: ConfigurationProblem['level'] = 'error',
): ConfigurationProblem {
  const range = { startLine: 3, startColumn: 1, endLine: 3, endColumn: 2 };
  const place = { repository: api, branch: 'main', path: 'zuul.yaml', range };
  return { level, code: 'unknown-key', message, remedy: null, ...place };
}
