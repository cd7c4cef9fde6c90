import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { propose, withJob } from './actions.ts';
import { type House, openHouse } from './house.ts';

describe('a pull request and its one check run', () => {
  let house: House;

  beforeAll(async () => {
    // Fails exactly when the change brings a file named `broken`.
    house = await openHouse({ files: withJob('test ! -e broken && cat README.md') });
  });
  afterAll(async () => {
    expect(house.sim.violations).toEqual([]);
    await house[Symbol.asyncDispose]();
  });

  it('is queued, in progress and then successful, with a table of its jobs', async () => {
    const { number } = await propose(house, { 'a.txt': 'a\n' }, 'passing');

    const run = await house.runThat(number, (one) => one.status === 'completed');
    await house.idle();

    expect(await house.runs(number)).toHaveLength(1);
    expect(run).toMatchObject({
      name: 'gatehouse/check',
      conclusion: 'success',
      title: '1 job passed',
      detailsUrl: `http://localhost:${new URL(house.url).port}/buildsets/${run.externalId}`,
    });
    expect(run.summary).toContain('| unit | ✅ passed |');
    expect(await statusesWritten(house, run.id)).toEqual(['queued', 'in_progress', 'completed']);
  });

  it('fails when a job fails, and says which', async () => {
    const { number } = await propose(house, { broken: 'x\n' }, 'failing');

    const run = await house.runThat(number, (one) => one.status === 'completed');

    expect(run).toMatchObject({ conclusion: 'failure', title: '1 of 1 job failed' });
    expect(run.summary).toContain('Job unit failed');
    expect(run.actions.map((action) => action.identifier)).toEqual(['rerun']);
  });

  it('is joined by a second one of the same name when somebody says recheck', async () => {
    const { number } = await propose(house, { 'b.txt': 'b\n' }, 'rechecked');
    const first = await house.runThat(number, (one) => one.status === 'completed');

    const on = { repository: 'acme/api', number, user: 'ada' };
    await house.sim.act.comment({ ...on, body: 'recheck' });
    const second = await house.runThat(
      number,
      (one) => one.id !== first.id && one.status === 'completed',
    );

    expect(second).toMatchObject({ name: first.name, conclusion: 'success' });
    expect(second.externalId).not.toBe(first.externalId);
  });

  it('is joined by a second one when somebody presses Re-run', async () => {
    const { number } = await propose(house, { 'c.txt': 'c\n' }, 'rerun');
    const first = await house.runThat(number, (one) => one.status === 'completed');

    const press = { repository: 'acme/api', checkRun: first.id, user: 'ada' };
    await house.sim.act.rerunCheckRun(press);
    const second = await house.runThat(
      number,
      (one) => one.id !== first.id && one.status === 'completed',
    );

    expect(second.conclusion).toBe('success');
    await house.idle();
    expect(await house.runs(number)).toHaveLength(2);
  });

  it('stays alone when the same delivery comes again', async () => {
    const { number } = await propose(house, { 'd.txt': 'd\n' }, 'replayed');
    await house.runThat(number, (one) => one.status === 'completed');
    const sent = await house.sim.act.deliveries({ event: 'pull_request', limit: 1 });

    for (const { id } of sent) await house.sim.act.redeliver({ delivery: id });
    await house.idle();

    expect(sent).toHaveLength(1);
    expect(await house.runs(number)).toHaveLength(1);
  });

  it('can be followed by its details page, which strangers do not see', async () => {
    const { number } = await propose(house, { 'e.txt': 'e\n' }, 'private-page');
    const run = await house.runThat(number, (one) => one.status === 'completed');

    const page = await fetch(`${house.url}/buildsets/${run.externalId}`);
    const api = await fetch(`${house.url}/api/v1/buildsets/${run.externalId}`);
    const log = await fetch(`${house.url}/api/v1/builds/${run.externalId}.0/log`);

    expect(page.status).toBe(200);
    expect(await page.text()).not.toContain('acme');
    expect([api.status, log.status]).toEqual([404, 404]);
  });
});

/** Statuses that were written to a check run, in their order. */
async function statusesWritten(house: House, checkRun: number): Promise<string[]> {
  const { requests } = await house.sim.act.requests();
  return requests
    .filter(({ method, path }) => writes(method, path, checkRun))
    .map(({ body }) => (body as { status: string }).status);
}

function writes(method: string, path: string, checkRun: number): boolean {
  if (method === 'PATCH') return path.endsWith(`/check-runs/${checkRun}`);
  // The first test's run is the first that was ever made.
  return method === 'POST' && path.endsWith('/check-runs');
}
