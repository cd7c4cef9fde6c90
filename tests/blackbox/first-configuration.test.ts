import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { propose, withJob } from './actions.ts';
import { type House, openHouse } from './house.ts';

describe('a repository without configuration', () => {
  let house: House;

  beforeAll(async () => {
    house = await openHouse({ files: { 'README.md': '# api\n' } });
  });
  afterAll(async () => {
    expect(house.sim.violations).toEqual([]);
    await house[Symbol.asyncDispose]();
  });

  it('shows nothing on a change that brings none either', async () => {
    const { number } = await propose(house, { 'a.txt': 'a\n' }, 'plain');

    await house.idle();

    expect(await house.runs(number)).toEqual([]);
  });

  it('is tested by the configuration that a change brings', async () => {
    const { number } = await propose(house, withJob('cat README.md'), 'first');

    const run = await house.runThat(number, (one) => one.status === 'completed');

    expect(run.conclusion).toBe('success');
  });

  it('tells the author of a first configuration what is wrong with it, on its line', async () => {
    const broken = { '.gatehouse.yaml': '- job:\n    name: unit\n    rum: echo\n' };

    const { number } = await propose(house, broken, 'broken');
    const run = await house.runThat(number, (one) => one.status === 'completed');

    expect(run.conclusion).toBe('failure');
    expect(run.annotations).toMatchObject([{ path: '.gatehouse.yaml', start_line: 3 }]);
  });
});
