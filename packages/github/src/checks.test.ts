import { buildsetId } from '@gatehouse/model';
import type { CheckAnnotation, CheckRunContent } from '@gatehouse/ports';
import { expect, test } from 'vitest';
import { fakeSha } from './test/bodies.ts';
import { api, createHarness } from './test/harness.ts';
import { startStubGitHub } from './test/stub-github.ts';

const create = 'POST /repos/acme/api/check-runs';
const update = 'PATCH /repos/acme/api/check-runs/4001';
const list = `GET /repos/acme/api/commits/${fakeSha('head')}/check-runs`;

function content(overrides: Partial<CheckRunContent> = {}): CheckRunContent {
  return {
    name: 'gatehouse/check',
    headSha: fakeSha('head'),
    buildset: buildsetId('bs-1'),
    detailsUrl: 'https://gate.example/b/bs-1',
    status: 'completed',
    conclusion: 'success',
    startedAt: Date.UTC(2026, 10, 21, 12),
    completedAt: Date.UTC(2026, 10, 21, 13),
    title: '1 job succeeded',
    summary: 'All well.',
    text: null,
    annotations: [],
    actions: [{ label: 'Re-run', description: 'Run it again', identifier: 'rerun' }],
    ...overrides,
  };
}

function annotation(line: number): CheckAnnotation {
  return {
    path: './src/a.ts',
    startLine: line,
    endLine: line,
    startColumn: 2,
    endColumn: 4,
    level: 'warning',
    title: null,
    message: `remark ${line}`,
  };
}

test('a check run is created with everything that it shows', async () => {
  await using stub = await startStubGitHub();
  stub.on(create, { status: 201, body: { id: 4001 } });
  const { github } = createHarness({ apiUrl: stub.url });

  const number = await github.createCheckRun(api, content());

  expect(number).toBe(4001);
  expect(stub.asked(create)[0]?.body).toEqual({
    name: 'gatehouse/check',
    head_sha: fakeSha('head'),
    external_id: 'bs-1',
    details_url: 'https://gate.example/b/bs-1',
    status: 'completed',
    conclusion: 'success',
    started_at: '2026-11-21T12:00:00.000Z',
    completed_at: '2026-11-21T13:00:00.000Z',
    output: { title: '1 job succeeded', summary: 'All well.' },
    actions: [{ label: 'Re-run', description: 'Run it again', identifier: 'rerun' }],
  });
});

test('annotations go fifty at a time, the verdict with the first', async () => {
  await using stub = await startStubGitHub();
  stub.on(update, { body: { id: 4001 } });
  const annotations = Array.from({ length: 120 }, (_, at) => annotation(at + 1));
  const { github } = createHarness({ apiUrl: stub.url });

  await github.updateCheckRun(api, 4001, content({ annotations }));

  const bodies = stub.asked(update).map(({ body }) => body);
  expect(bodies).toHaveLength(3);
  expect(bodies).toHaveProperty('0.output.annotations.length', 50);
  expect(bodies).toHaveProperty('1.output.annotations.length', 50);
  expect(bodies).toHaveProperty('2.output.annotations.length', 20);
  expect(bodies[0]).toMatchObject({ conclusion: 'success' });
  expect(bodies[1]).not.toHaveProperty('conclusion');
  expect(bodies[2]).toHaveProperty('output.annotations.0', {
    path: 'src/a.ts',
    start_line: 101,
    end_line: 101,
    start_column: 2,
    end_column: 4,
    annotation_level: 'warning',
    message: 'remark 101',
  });
});

test('columns are left out where a remark spans lines', async () => {
  await using stub = await startStubGitHub();
  stub.on(update, { body: { id: 4001 } });
  const { github } = createHarness({ apiUrl: stub.url });

  const spanning = { ...annotation(1), endLine: 3 };
  await github.updateCheckRun(api, 4001, content({ annotations: [spanning] }));

  const [request] = stub.asked(update);
  expect(request?.body).not.toHaveProperty('output.annotations.0.start_column');
});

test('an update without annotations is repeated when its answer is lost', async () => {
  await using stub = await startStubGitHub();
  const answers = [{ cut: 'before' as const }, { body: { id: 4001 } }];
  stub.on(update, () => answers.shift() ?? {});
  const { github } = createHarness({ apiUrl: stub.url });

  await github.updateCheckRun(api, 4001, content());

  expect(stub.asked(update)).toHaveLength(2);
});

test.each([
  ['with annotations', update, content({ annotations: [annotation(1)] })],
  ['that creates', create, content()],
])('a write %s is not repeated when its answer is lost', async (_how, route, what) => {
  await using stub = await startStubGitHub();
  stub.on(route, { cut: 'before' });
  const { github } = createHarness({ apiUrl: stub.url });

  const writing =
    route === update ? github.updateCheckRun(api, 4001, what) : github.createCheckRun(api, what);

  await expect(writing).rejects.toMatchObject({ code: 'GATE_GITHUB_UNAVAILABLE' });
  expect(stub.asked(route)).toHaveLength(1);
});

test('a run is found again by its buildset, with the annotations that it has', async () => {
  await using stub = await startStubGitHub();
  const run = { name: 'gatehouse/check', conclusion: null, output: { annotations_count: 0 } };
  const found = { ...run, id: 4002, external_id: 'bs-2', output: { annotations_count: 50 } };
  stub.on(list, {
    body: { total_count: 2, check_runs: [{ ...run, id: 4001, external_id: 'bs-1' }, found] },
  });
  const { github } = createHarness({ apiUrl: stub.url });
  const wanted = { headSha: fakeSha('head'), name: 'gatehouse/check' };

  const second = await github.findCheckRun(api, { ...wanted, buildset: buildsetId('bs-2') });
  const third = await github.findCheckRun(api, { ...wanted, buildset: buildsetId('bs-3') });

  expect(second).toEqual({ checkRun: 4002, annotationsCount: 50 });
  expect(third).toBeNull();
  const query = new URL(stub.asked(list)[0]?.path ?? '', stub.url).searchParams;
  expect(Object.fromEntries(query)).toEqual({
    check_name: 'gatehouse/check',
    app_id: '1',
    filter: 'all',
    per_page: '100',
  });
});

test('the newest run of each name is shown, foreign ids are left out', async () => {
  await using stub = await startStubGitHub();
  const output = { annotations_count: 0 };
  const runs = [
    { id: 3, name: 'gatehouse/check', external_id: 'bs-new', conclusion: 'success', output },
    { id: 2, name: 'gatehouse/check', external_id: 'bs-old', conclusion: 'failure', output },
    { id: 4, name: 'gatehouse/gate', external_id: 'bs-gate', conclusion: null, output },
    { id: 5, name: 'other', external_id: '', conclusion: null, output },
  ];
  stub.on(list, { body: { total_count: 4, check_runs: runs } });
  const { github } = createHarness({ apiUrl: stub.url });

  const shown = await github.readShownRuns(api, fakeSha('head'));

  expect(shown).toEqual([
    {
      buildset: 'bs-new',
      name: 'gatehouse/check',
      description: 'gatehouse:gatehouse/check:success',
    },
    { buildset: 'bs-gate', name: 'gatehouse/gate', description: 'gatehouse:gatehouse/gate:' },
  ]);
});

test.each([
  ['a long summary', { summary: 'é'.repeat(32_768) }],
  ['a long text', { text: 'x'.repeat(65_536) }],
  ['a fourth action', { actions: Array.from({ length: 4 }, () => content().actions[0]) }],
  ['a verdict while running', { status: 'in_progress' as const }],
  ['no verdict at the end', { conclusion: null }],
])('%s never reaches GitHub', async (_what, broken) => {
  await using stub = await startStubGitHub();
  const { github } = createHarness({ apiUrl: stub.url });

  const creating = github.createCheckRun(api, content(broken as Partial<CheckRunContent>));

  await expect(creating).rejects.toMatchObject({ code: 'GATE_INVARIANT' });
  expect(stub.requests).toEqual([]);
});
