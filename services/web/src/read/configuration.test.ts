import { OverviewBody } from '@gatehouse/contracts';
import {
  type ConfigurationProblem,
  GatehouseError,
  repositoryKey,
  tenantId,
} from '@gatehouse/model';
import type { ConfigurationStanding } from '@gatehouse/ports';
import {
  type FakeClock,
  fakeClock,
  type MemoryStore,
  memoryStore,
  recordingLog,
} from '@gatehouse/testkit';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { START } from '../testing/items.ts';
import {
  ADMIN_TOKEN,
  type Overrides,
  type WebUnderTest,
  webUnderTest,
} from '../testing/web-under-test.ts';
import { PUBLICITY_MS } from '../viewer/visibility.ts';
import { OTHER_BRANCHES_MAX, PROBLEMS_SHOWN_MAX } from './configuration.ts';

const signedIn = { authorization: `Bearer ${ADMIN_TOKEN}` };
const api = repositoryKey('acme/api');
const web = repositoryKey('acme/web');
const owner = repositoryKey('acme/.gatehouse');
let store: MemoryStore;
let clock: FakeClock;

beforeEach(async () => {
  store = memoryStore();
  clock = fakeClock(START);
  const nothing = { consumed: [], writes: [], effects: [], live: { added: [], removed: [] } };
  await store.tenants.commit(tenantId('acme'), { expectedVersion: 0, ...nothing });
});

test('nothing wrong is nothing to tell', async () => {
  const under = await start();

  expect(await configurationFor(under)).toEqual({
    problems: [],
    errors_count: 0,
    warnings_count: 0,
  });
});

test('a problem is told with its place, its remedy and a link to it', async () => {
  const under = await start();
  await tell({ problems: [problem({ branch: 'release/1 #2', path: '.gatehouse.d/a b.yaml' })] });

  expect(await configurationFor(under)).toEqual({
    problems: [
      {
        level: 'error',
        code: 'unknown-key',
        message: 'there is no key runn',
        remedy: 'Write run.',
        repository: 'acme/api',
        branch: 'release/1 #2',
        path: '.gatehouse.d/a b.yaml',
        line: 3,
        url: 'https://github.example/acme/api/blob/release/1%20%232/.gatehouse.d/a%20b.yaml#L3',
        other_branches: [],
      },
    ],
    errors_count: 1,
    warnings_count: 0,
  });
});

test('the default branch and a whole file have links too, and what is no repository has none', async () => {
  const under = await start();
  await tell({
    problems: [
      problem({ branch: null, range: null }),
      problem({ repository: 'javascript:alert(1)' }),
    ],
  });

  const { problems } = await configurationFor(under);

  expect(problems.map(({ url }) => url)).toEqual([
    'https://github.example/acme/api/blob/HEAD/.gatehouse.yaml',
    null,
  ]);
});

test('a problem that several repositories meet, on several branches, is told once', async () => {
  const under = await start();
  const shared = problem({ repository: owner, branch: null });
  await tell({ repository: api, problems: [shared, problem({ branch: 'main' })] });
  await tell({ repository: web, problems: [shared] });
  await tell({
    problems: [shared, ...['main', 'stable', 'dev'].map((branch) => problem({ branch }))],
  });

  const body = await configurationFor(under);

  expect(body).toMatchObject({ errors_count: 2, warnings_count: 0 });
  expect(
    body.problems.map(({ repository, branch, other_branches }) => [
      repository,
      branch,
      other_branches,
    ]),
  ).toEqual([
    ['acme/.gatehouse', null, []],
    ['acme/api', 'main', ['dev', 'stable']],
  ]);
});

test('errors come first, and what is not listed is counted', async () => {
  const under = await start();
  const warnings = Array.from({ length: PROBLEMS_SHOWN_MAX }, (_, at) =>
    problem({ level: 'warning', message: `warning ${at}` }),
  );
  await tell({ problems: [...warnings, problem({ path: 'zuul.yaml' })] });

  const body = await configurationFor(under);

  expect(body).toMatchObject({ errors_count: 1, warnings_count: PROBLEMS_SHOWN_MAX });
  expect(body.problems).toHaveLength(PROBLEMS_SHOWN_MAX);
  expect(body.problems[0]).toMatchObject({ level: 'error', path: 'zuul.yaml' });
});

test('not every branch of many is named', async () => {
  const under = await start();
  const branches = Array.from({ length: OTHER_BRANCHES_MAX + 5 }, (_, at) => `release/${at}`);
  await tell({ problems: branches.map((branch) => problem({ branch })) });

  const [shown] = (await configurationFor(under)).problems;

  expect(shown?.other_branches).toHaveLength(OTHER_BRANCHES_MAX);
});

test('strangers are not even looked up for while the dashboard is closed', async () => {
  const under = await start({
    standings: { list: () => Promise.reject(new Error('not for strangers')) },
  });

  const answer = await under.app.inject('/api/v1/overview');

  expect(answer.statusCode).toBe(404);
});

test('on a public dashboard strangers see what was read from public repositories only', async () => {
  const hidden = new Set<string>([owner]);
  const under = await start({ ...publicExcept(hidden), settings: { isPublicDashboard: true } });
  await tell({ repository: web, problems: [problem({ message: 'of web' })] });
  await tell({
    problems: [problem({ message: 'there is no job hush; did you mean hushed' })],
    sources: [api, owner],
  });
  await tell({ repository: repositoryKey('acme/x'), problems: [problem({ repository: owner })] });

  const { problems, ...counts } = await configurationFor(under, {});

  expect(problems.map(({ message }) => message)).toEqual(['of web']);
  expect(counts).toEqual({ errors_count: 1, warnings_count: 0 });
});

test('a repository that was closed is hidden from strangers, problems and all', async () => {
  const hidden = new Set<string>();
  const under = await start({ ...publicExcept(hidden), settings: { isPublicDashboard: true } });
  await tell({ problems: [problem()] });
  const before = await configurationFor(under, {});

  hidden.add(api);
  clock.advance(PUBLICITY_MS);
  const afterwards = await configurationFor(under, {});

  expect([before, afterwards].map((body) => body.errors_count)).toEqual([1, 0]);
});

test('strangers see no problem that came from too many repositories to ask about', async () => {
  const under = await start({
    settings: { isPublicDashboard: true },
    standings: {
      list: async () => [
        {
          repository: api,
          sources: null,
          problems: [problem()],
          errorsCount: 1,
          warningsCount: 0,
        },
      ],
    },
  });

  const bodies = [await configurationFor(under, {}), await configurationFor(under)];

  expect(bodies.map((body) => body.errors_count)).toEqual([0, 1]);
});

test('problems that cannot be read are logged, and the rest is shown', async () => {
  const log = recordingLog();
  const under = await start({
    log,
    standings: {
      list: () => Promise.reject(new GatehouseError('GATE_STATE_UNREADABLE', 'not readable')),
    },
  });

  expect((await configurationFor(under)).errors_count).toBe(0);
  expect(log.lines).toMatchObject([{ level: 'error', fields: { tenant: 'acme' } }]);
});

async function configurationFor(under: WebUnderTest, headers: Record<string, string> = signedIn) {
  const answer = await under.app.inject({ url: '/api/v1/overview', headers });
  return OverviewBody.parse(answer.json()).configuration;
}

function publicExcept(hidden: ReadonlySet<string>): Overrides {
  return {
    changes: {
      readRepository: async (repository) => ({
        repository,
        isPublic: !hidden.has(repository),
        defaultBranch: 'main',
      }),
    },
  };
}

async function tell(told: {
  readonly repository?: ConfigurationStanding['repository'];
  readonly problems: readonly ConfigurationProblem[];
  readonly sources?: readonly ConfigurationStanding['repository'][];
}): Promise<void> {
  const { repository = api, problems, sources = [repository] } = told;
  await store.standings.tell({
    repository,
    sources: sources.map((source) => ({ repository: source, branch: null, contentHash: 'one' })),
    problems,
    readAt: START,
  });
}

function problem(different: Partial<ConfigurationProblem> = {}): ConfigurationProblem {
  return {
    level: 'error',
    code: 'unknown-key',
    message: 'there is no key runn',
    remedy: 'Write run.',
    repository: api,
    branch: 'main',
    path: '.gatehouse.yaml',
    range: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 },
    ...different,
  };
}

async function start(overrides: Overrides = {}): Promise<WebUnderTest> {
  const under = await webUnderTest({ store, clock, log: recordingLog() }, overrides);
  onTestFinished(() => under[Symbol.asyncDispose]());
  return under;
}
