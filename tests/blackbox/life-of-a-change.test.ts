import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { propose, withJob } from './actions.ts';
import { type House, openHouse, until } from './house.ts';

describe('a change whose job is still running', () => {
  let house: House;

  beforeAll(async () => {
    // Runs until the change stops bringing the file that holds it.
    house = await openHouse({ files: withJob('echo started; if [ -e hold ]; then sleep 600; fi') });
  });
  afterAll(async () => {
    expect(house.sim.violations).toEqual([]);
    await house[Symbol.asyncDispose]();
  });

  it('has its old run cancelled by a push, and the new head is tested', async () => {
    const { number, headSha } = await propose(house, { hold: 'x\n' }, 'pushed');
    const old = await house.runThat(number, (run) => run.status === 'in_progress');

    const on = { repository: 'acme/api', user: 'ada' };
    await house.sim.act.pushCommit({ ...on, branch: 'pushed', files: { hold: null } });
    const fresh = await house.runThat(
      number,
      (run) => run.headSha !== headSha && run.status === 'completed',
    );
    await house.idle();

    expect(fresh.conclusion).toBe('success');
    expect(await conclusionOf(house, old.id)).toBe('cancelled');
  });

  it('has its run cancelled when it is closed, and its processes are gone', async () => {
    const { number } = await propose(house, { hold: 'x\n' }, 'closed');
    await house.runThat(number, (run) => run.status === 'in_progress');

    await house.sim.act.closePullRequest({ repository: 'acme/api', number, user: 'ada' });
    const run = await house.runThat(number, (one) => one.status === 'completed');
    await house.idle();

    expect(run.conclusion).toBe('cancelled');
    expect(run.summary).toContain('The change was closed');
  });

  it('is stopped by the Abort button', async () => {
    const { number } = await propose(house, { hold: 'x\n' }, 'aborted');
    const { id } = await house.runThat(number, (run) => run.status === 'in_progress');

    const button = { repository: 'acme/api', checkRun: id, identifier: 'abort', user: 'ada' };
    await house.sim.act.pressCheckAction(button);
    const run = await house.runThat(number, (one) => one.status === 'completed');

    expect(run.conclusion).toBe('cancelled');
    expect(run.summary).toContain('Aborted by ada');
  });
});

/** The conclusion of a run on a head that the pull request has left behind. */
function conclusionOf(house: House, checkRun: number): Promise<string> {
  return until('the old run to be concluded', async () => {
    const { requests } = await house.sim.act.requests();
    const written = requests
      .filter(({ method, path }) => method === 'PATCH' && path.endsWith(`/check-runs/${checkRun}`))
      .map(({ body }) => (body as { conclusion?: string }).conclusion)
      .filter((conclusion) => conclusion !== undefined);
    return written.at(-1) ?? null;
  });
}
