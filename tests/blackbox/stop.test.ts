import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { propose, withJob } from './actions.ts';
import { openHouse, runCli, until } from './house.ts';
import { processesLike } from './processes.ts';

/** Seconds of sleep that no other process of this machine sleeps. */
const MARKER = `86402.${process.pid}`;

describe('a service that is asked to stop', () => {
  it('ends in order, its commands first, while calls wait for GitHub’s budget', async () => {
    await using house = await openHouse({ files: withJob(`sleep ${MARKER}`) });
    const { number } = await propose(house, { 'change.txt': 'x\n' }, 'held');
    await house.runThat(number, (run) => run.status === 'in_progress');
    await until('the command to run', () => anyLike(`sleep ${MARKER}`));
    const limit = { kind: 'secondary_limit', retryAfterS: 60, count: 1_000 } as const;
    await house.sim.act.addFault({ target: 'api', ...limit });
    await propose(house, { 'other.txt': 'y\n' }, 'limited');
    await until('GitHub to refuse a call', async () => {
      const [fault] = await house.sim.act.faults();
      return fault !== undefined && fault.left < limit.count ? true : null;
    });

    const code = await house.stop();

    expect(code).toBe(0);
    expect(await processesLike(MARKER)).toEqual([]);
    expect(await processesLike(join(house.dataDir, 'redis'))).toEqual([]);
  });
});

describe('a service that cannot start', () => {
  it('says so and ends, whichever of its roles it was', async () => {
    await using house = await openHouse({ files: withJob('true') });
    await house.stop();
    const workspaces = join(house.dataDir, 'workspaces');
    await rm(workspaces, { recursive: true });
    await writeFile(workspaces, 'a file where a folder should be');
    const roles = { GATEHOUSE_ROLES: 'engine,merger,runner,reporter,web' };

    const { code, output } = await runCli(['serve'], { ...house.environment, ...roles });

    expect(code).toBe(1);
    expect(output).toContain('Gatehouse cannot start.');
    expect(output).toContain(workspaces);
    expect(await processesLike(join(house.dataDir, 'redis'))).toEqual([]);
  });
});

async function anyLike(text: string): Promise<true | null> {
  return (await processesLike(text)).length > 0 ? true : null;
}
