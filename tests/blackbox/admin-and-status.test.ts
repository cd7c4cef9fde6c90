/** Contracts, section 3: what operators and strangers get over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRepository, askAsAdmin, propose, withJob } from './actions.ts';
import { type House, openHouse, until } from './house.ts';

/** Runs until the change stops bringing the file that holds it. */
const HOLDING = withJob('if [ -e hold ]; then sleep 600; fi');
const OPEN = 'acme/api';
const CLOSED = 'acme/secret-garden';

interface StatusBody {
  readonly pipelines: readonly { readonly items: readonly unknown[] }[];
}

let house: House;

beforeAll(async () => {
  house = await openHouse({ files: HOLDING });
  await addRepository(house, CLOSED, withJob('true'));
  await house.sim.act.editRepository({ repository: CLOSED, private: true });
});
afterAll(async () => {
  expect(house.sim.violations).toEqual([]);
  await house[Symbol.asyncDispose]();
});

describe('the admin API', () => {
  const body = { repository: OPEN, number: 1, pipeline: 'check' };
  const actions = ['enqueue', 'dequeue', 'promote', 'abort'];

  it('is closed to everybody without the admin token', async () => {
    const without = actions.map((action) => post(`/api/v1/admin/${action}`, body, {}));
    const wrong = actions.map((action) =>
      post(`/api/v1/admin/${action}`, body, { authorization: 'Bearer guess' }),
    );

    const answers = await Promise.all([...without, ...wrong]);

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
  });

  it.each([
    ['no JSON', '{"repository"'],
    ['no object', '[]'],
    ['nothing in it', '{}'],
    ['both number and ref', JSON.stringify({ ...body, ref: 'refs/heads/main' })],
    ['neither number nor ref', JSON.stringify({ repository: OPEN, pipeline: 'check' })],
    ['a number that is none', JSON.stringify({ ...body, number: 'seven' })],
    ['a key that nobody knows', JSON.stringify({ ...body, force: true })],
    ['a repository that is no name', JSON.stringify({ ...body, repository: 'api' })],
  ])('refuses a body with %s', async (_, text) => {
    const answers = await Promise.all(
      actions.map((action) =>
        askAsAdmin(house, `/api/v1/admin/${action}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: text,
        }),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
  });

  it('enqueues a change again, and takes it out', async () => {
    const { number } = await propose(house, { 'a.txt': 'a\n' }, 'enqueued');
    const first = await house.runThat(number, (run) => run.status === 'completed');
    const on = { repository: OPEN, user: 'ada', branch: 'enqueued' };
    await house.sim.act.pushCommit({ ...on, files: { hold: 'x\n' } });
    const held = await house.runThat(number, (run) => run.status === 'in_progress');

    const dequeued = await askFor('dequeue', number);
    const ended = await house.runThat(number, (run) => run.status === 'completed');
    const enqueued = await askFor('enqueue', number);
    const again = await house.runThat(
      number,
      (run) => run.id > held.id && run.status === 'in_progress',
    );
    const aborted = await askFor('abort', number);
    const last = await house.runThat(
      number,
      (run) => run.id === again.id && run.status === 'completed',
    );

    expect(first.conclusion).toBe('success');
    expect([dequeued.status, enqueued.status, aborted.status]).toEqual([202, 202, 202]);
    expect(ended.conclusion).toBe('cancelled');
    expect(ended.summary).toContain('Taken out of the pipeline by an administrator');
    expect(last.conclusion).toBe('cancelled');
  });

  it('says what it cannot do', async () => {
    const answers = [
      await askFor('enqueue', 999),
      await askFor('enqueue', 1, 'no-such-pipeline'),
      await askFor('dequeue', 999),
      await askFor('abort', 1, 'gate'),
      await askFor('promote', 1),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 409, 404, 404, 409]);
    for (const answer of answers) {
      expect(await answer.json()).toMatchObject({ error: { message: expect.any(String) } });
    }
  });
});

describe('what the service tells', () => {
  it('is whether it lives, whether it can work, and how it is doing', async () => {
    const health = await get('/healthz');
    const ready = await get('/readyz');
    const metrics = await get('/metrics');

    expect([health.status, ready.status, metrics.status]).toEqual([200, 200, 200]);
    expect(JSON.parse(ready.text)).toMatchObject({ ready: true, reasons: [] });
    expect(metrics.text).toMatch(/^gatehouse_events_total\{type="ChangeObserved"\} [1-9]/m);
    expect(metrics.text).toMatch(
      /^gatehouse_builds_total\{result="\w+",executor="command"\} [1-9]/m,
    );
    expect(metrics.text).toMatch(/^gatehouse_report_lag_seconds_count\{kind="check"\} [1-9]/m);
    expect(metrics.text).toMatch(/^gatehouse_queue_messages\{queue="events",state="waiting"\} \d/m);
    expect(metrics.text).not.toContain('acme');
  });

  it('is what is in its pipelines, in the shape of the contract', async () => {
    const { number } = await propose(house, { hold: 'x\n' }, 'shown');
    const run = await house.runThat(number, (one) => one.status === 'in_progress');

    const answer = await askAsAdmin(house, '/api/v1/status');
    const body = (await answer.json()) as StatusBody; // what is used of it is looked at below
    await askFor('abort', number);

    expect(answer.status).toBe(200);
    expect(body).toMatchObject({
      version: expect.any(String),
      idle: expect.any(Boolean),
      queues: {
        ...{ events: expect.any(Number), builds: expect.any(Number) },
        reports: expect.any(Number),
      },
    });
    const items = body.pipelines.flatMap((one) => one.items);
    expect(items).toContainEqual(expect.objectContaining({ id: run.externalId }));
  });

  it('is nothing about repositories to a stranger', async () => {
    const { number } = await propose(house, { 'b.txt': 'b\n' }, 'unseen');
    const run = await house.runThat(number, (one) => one.status === 'completed');

    const pages = await Promise.all(['/', `/buildsets/${run.externalId}`].map(get));
    const status = await get('/api/v1/status');
    const apis = await Promise.all(apisOf(run.externalId).map(get));

    expect(pages.map(({ status: code }) => code)).toEqual([200, 200]);
    expect([...pages, status, ...apis].map(({ text }) => /acme|unseen/.test(text))).toEqual(
      [...pages, status, ...apis].map(() => false),
    );
    expect(apis.map(({ status: code }) => code)).toEqual([404, 404, 404]);
  });
});

describe('a public dashboard', () => {
  beforeAll(() => house.stop());

  it('shows strangers public repositories, and private ones never', async () => {
    await house.restart({ GATEHOUSE_PUBLIC_DASHBOARD: 'true' });
    const open = await propose(house, { 'c.txt': 'c\n' }, 'open');
    const place = { repository: CLOSED, branch: 'closed' };
    const closed = await propose(house, { 'd.txt': 'd\n' }, place);
    const shown = await house.runThat(open.number, (one) => one.status === 'completed');
    const hidden = await house.runThat(closed.number, (one) => one.status === 'completed', CLOSED);
    await until('the log', async () => {
      const answer = await get(`/api/v1/builds/${shown.externalId}.0/log`);
      return answer.status === 200 ? true : null;
    });

    const seen = await Promise.all(apisOf(shown.externalId).map(get));
    const unseen = await Promise.all(apisOf(hidden.externalId).slice(0, 2).map(get));
    const everywhere = await Promise.all(
      ['/', '/api/v1/status', `/buildsets/${hidden.externalId}`].map(get),
    );

    expect(seen.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(unseen.map(({ status }) => status)).toEqual([404, 404]);
    for (const { text } of [...unseen, ...everywhere, ...seen]) expect(text).not.toMatch(/garden/);
  });
});

function apisOf(buildset: string): string[] {
  return [
    `/api/v1/buildsets/${buildset}`,
    `/api/v1/builds/${buildset}.0/log`,
    '/api/v1/tenants/acme/buildsets',
  ];
}

async function get(path: string): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(`${house.url}${path}`);
  return { status: answer.status, text: await answer.text() };
}

function post(path: string, body: unknown, headers: Record<string, string>): Promise<Response> {
  return fetch(`${house.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

function askFor(action: string, number: number, pipeline = 'check'): Promise<Response> {
  return askAsAdmin(house, `/api/v1/admin/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ repository: OPEN, number, pipeline }),
  });
}
