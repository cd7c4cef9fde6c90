import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proposeFromFork, withJob } from './actions.ts';
import { type House, openHouse } from './house.ts';

describe("a stranger's pull request", () => {
  let house: House;

  beforeAll(async () => {
    house = await openHouse({
      files: withJob('env | sort; cat .git/config'),
      environment: { GATEHOUSE_UNSANDBOXED_UNTRUSTED: 'true', GATEHOUSE_PUBLIC_DASHBOARD: 'true' },
    });
  });
  afterAll(async () => {
    expect(house.sim.violations).toEqual([]);
    await house[Symbol.asyncDispose]();
  });

  it('waits for approval, runs once approved, and sees nothing of the service', async () => {
    const { number } = await proposeFromFork(house);
    const waiting = await house.runThat(number, (run) => run.status === 'completed');
    await house.idle();

    const press = { repository: 'acme/api', checkRun: waiting.id, identifier: 'approve' };
    await house.sim.act.pressCheckAction({ ...press, user: 'ada' });
    const run = await house.runThat(
      number,
      (one) => one.id !== waiting.id && one.status === 'completed',
    );
    const log = await (await fetch(`${house.url}/api/v1/builds/${run.externalId}.0/log`)).text();

    expect(waiting).toMatchObject({ conclusion: 'action_required' });
    expect(waiting.actions).toMatchObject([{ label: 'Approve and run', identifier: 'approve' }]);
    expect(run.conclusion).toBe('success');
    expect(log).toContain(`GATEHOUSE_CHANGE=${number}`);
    expect(log).toContain('[remote "origin"]');
    expect(log).not.toMatch(
      /PRIVATE_KEY|WEBHOOK_SECRET|ADMIN_TOKEN|ghs_|extraheader|Authorization/i,
    );
  });

  it('needs a new approval for a new head', async () => {
    const files = { 'again.txt': 'x\n' };
    await house.sim.act.pushCommit({ repository: 'sam/api', user: 'sam', branch: 'change', files });

    const run = await house.runThat(1, (one) => one.status === 'completed');

    expect(run.conclusion).toBe('action_required');
  });
});
