/** What stands wrong on a branch: it blocks nobody, is shown once, and goes when it is repaired. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addOwner, addRepository, askAsAdmin, propose, withJob } from './actions.ts';
import { type House, openHouse, until } from './house.ts';

/** The part of a problem, as the API tells it, that is used here. */
interface Problem {
  readonly message: string;
  readonly repository: string;
  readonly url: string | null;
}

const SOUND = withJob('true')['.gatehouse.yaml'] ?? '';
/** A job that cannot be read beside one that can. */
const BROKEN = `${SOUND}- job: {name: odd, runn: 'true'}\n`;
/** The line of its fault. */
const LINE = BROKEN.split('\n').length - 1;

let house: House;

beforeAll(async () => {
  house = await openHouse({ files: withJob('true') });
});
afterAll(async () => {
  expect(house.sim.violations).toEqual([]);
  await house[Symbol.asyncDispose]();
});

describe.concurrent('a configuration that stands broken', () => {
  it('blocks no change of other things, is shown once, and goes when it is repaired', async () => {
    const repository = 'acme/standing';
    await addRepository(house, repository, withJob('true'));
    await pushToMain(repository, { '.gatehouse.yaml': BROKEN });
    await problemsOf(repository, 1);

    const first = await propose(house, { 'a.txt': 'a\n' }, { repository, branch: 'one' });
    const second = await propose(house, { 'b.txt': 'b\n' }, { repository, branch: 'two' });
    const runs = await Promise.all([first, second].map(({ number }) => endOf(repository, number)));
    const problems = await problemsOf(repository, 1);
    await pushToMain(repository, { '.gatehouse.yaml': SOUND });

    expect(runs).toMatchObject([
      { conclusion: 'success', title: '1 job passed' },
      { conclusion: 'success', title: '1 job passed' },
    ]);
    expect(problems).toMatchObject([
      { level: 'error', repository, path: '.gatehouse.yaml', line: LINE, other_branches: [] },
    ]);
    expect(problems[0]?.message).toContain('runn');
    expect(problems[0]?.url).toMatch(
      new RegExp(`^http://[^/]+/${repository}/blob/main/\\.gatehouse\\.yaml#L${LINE}$`),
    );
    await problemsOf(repository, 0);
  });

  it('in the owner’s repository is shown once for all, and goes for all', async () => {
    await addOwner(house, 'globex', withJob('true'));
    await addRepository(house, 'globex/web', withJob('true'));
    await addRepository(house, 'globex/.gatehouse', {
      '.gatehouse.yaml': "- job: {name: shared, runn: 'true'}\n",
    });

    const runs = await Promise.all(
      ['globex/api', 'globex/web'].map(async (repository) => {
        const { number } = await propose(house, { 'a.txt': 'a\n' }, { repository, branch: 'a' });
        return endOf(repository, number);
      }),
    );
    const problems = await problemsOf('globex/.gatehouse', 1);
    await pushToMain('globex/.gatehouse', {
      '.gatehouse.yaml': "- job: {name: shared, run: 'true'}\n",
    });

    expect(runs.map(({ conclusion }) => conclusion)).toEqual(['success', 'success']);
    expect(problems).toMatchObject([{ line: 1, path: '.gatehouse.yaml' }]);
    await problemsOf('globex/.gatehouse', 0);
  });

  it('is not told by changes that only propose it', async () => {
    const repository = 'acme/proposing';
    await addRepository(house, repository, withJob('true'));

    const { number } = await propose(
      house,
      { '.gatehouse.yaml': BROKEN },
      { repository, branch: 'bad' },
    );
    const run = await endOf(repository, number);

    expect(run).toMatchObject({ conclusion: 'failure', title: 'Configuration error' });
    expect(await shownOf(repository)).toEqual([]);
  });

  it('is nothing that strangers hear of', async () => {
    const answer = await fetch(`${house.url}/api/v1/overview`);

    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('acme');
  });
});

async function pushToMain(repository: string, files: Record<string, string>): Promise<void> {
  await house.sim.act.pushCommit({ repository, user: 'olga', branch: 'main', files });
}

function endOf(repository: string, number: number) {
  return house.runThat(number, (run) => run.status === 'completed', repository);
}

async function shownOf(repository: string): Promise<readonly Problem[]> {
  const answer = await askAsAdmin(house, '/api/v1/overview');
  const { configuration } = (await answer.json()) as {
    configuration: { problems: readonly Problem[] };
  };
  return configuration.problems.filter((problem) => problem.repository === repository);
}

function problemsOf(repository: string, count: number): Promise<readonly Problem[]> {
  return until(`${count} problems of ${repository}`, async () => {
    const problems = await shownOf(repository);
    return problems.length === count ? problems : null;
  });
}
