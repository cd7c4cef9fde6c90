/**
 * Pictures of the dashboard for people to look at: in `artifacts/`, at the widths and in the
 * colours that it is made for.
 */
import { browserForTests } from '@gatehouse/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type OpenHouse,
  openForAll,
  openTab,
  type Page,
  picture,
  proposeAs,
  sidewaysPx,
  type Tab,
} from './browsing.ts';

const browser = await browserForTests();
afterAll(() => browser?.close());

const TEST_OUTPUT = [
  '$ npm test',
  '',
  '\u001b[32m✓\u001b[0m prices are read from the list \u001b[2m12 ms\u001b[0m',
  '\u001b[32m✓\u001b[0m a basket adds up \u001b[2m4 ms\u001b[0m',
  '\u001b[31m✗\u001b[0m a discount is taken off once',
  '  \u001b[31mexpected 9 to be 18\u001b[0m',
  '    at test/discount.test.js:14:20',
  '',
  '\u001b[1mTests  \u001b[31m1 failed\u001b[0m, \u001b[32m2 passed\u001b[0m',
  '',
].join('\n');

const REPORTS = `
    start: {github: {check: in_progress}}
    success: {github: {check: success}}
    failure: {github: {check: failure}}`;

const filesOf = (wait: (door: string) => string): Record<string, string> => ({
  'README.md': '# api\n',
  'output.txt': TEST_OUTPUT,
  'ci/unit.sh': `cat output.txt; if [ -e discount.txt ]; then exit 1; fi; ${wait('unit')}\n`,
  'ci/integration.sh': `${wait('integration')}\n`,
  'ci/publish.sh': `${wait('publish')}\n`,
  '.gatehouse.yaml': `
- pipeline:
    name: preview
    description: Builds a site to look at for every pull request.
    manager: independent
    trigger: {github: [{event: pull_request, action: [opened, changed, reopened]}]}${REPORTS}
- pipeline:
    name: main
    description: Publishes what was merged.
    manager: independent
    trigger: {github: [{event: push, ref: "^refs/heads/main$"}]}${REPORTS}
- job: {name: lint, run: echo clean}
- job: {name: unit, run: sh ci/unit.sh}
- job: {name: integration, run: sh ci/integration.sh, dependencies: [lint]}
- job: {name: package, run: echo packaged, dependencies: [unit]}
- job: {name: docs-preview, voting: false, run: echo built}
- job: {name: site, run: echo built}
- job: {name: publish, run: sh ci/publish.sh}
- project:
    check: {jobs: [lint, unit, integration, package, docs-preview]}
    preview: {jobs: [site]}
    main: {jobs: [publish]}
`,
});

const looks = [360, 1280, 1600].flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => ({ width, scheme })),
);

describe.runIf(browser !== null)('pictures of the dashboard', () => {
  let open: OpenHouse;
  let failed: string;
  let tab: Tab;

  beforeAll(async () => {
    open = await openForAll(filesOf);
    tab = await openTab(present(browser));
  });
  afterAll(async () => {
    expect(tab.faults).toEqual([]);
    await open[Symbol.asyncDispose]();
  });

  const go = (path: string) => tab.page.goto(`${open.house.url}${path}`);

  it('when nothing has run yet', async () => {
    await go('/');
    await tab.page.getByRole('heading', { name: 'No runs yet' }).waitFor();

    expect(await picturesOf(tab.page, 'empty')).toBeLessThanOrEqual(0);
  });

  it('with runs that wait, go on, passed, failed and are misconfigured', async () => {
    failed = await proposeAll(open);

    await go('/');
    await tab.page.getByText('3 runs in progress').waitFor();
    await tab.page.getByText('Configuration error').first().waitFor();

    expect(await picturesOf(tab.page, 'overview')).toBeLessThanOrEqual(0);
  });

  it('of a run that goes on, with the log of a job that writes', async () => {
    await go('/');
    await tab.page.getByRole('link', { name: 'acme/api#2' }).first().click();
    await tab.page.getByText('Live, following the end').waitFor();
    await tab.page.getByText('Tests  1 failed').waitFor();

    expect(await picturesOf(tab.page, 'live')).toBeLessThanOrEqual(0);
  });

  it('of a run that failed, with the log of the job that failed', async () => {
    await go(failed);
    await tab.page.getByText('Tests  1 failed').waitFor();

    expect(await picturesOf(tab.page, 'buildset')).toBeLessThanOrEqual(0);
  });

  it('of the page of a run that is not there', async () => {
    await go('/buildsets/no-such-run');
    await tab.page.getByRole('heading', { name: 'Not found' }).waitFor();

    expect(await picturesOf(tab.page, 'not-found')).toBeLessThanOrEqual(0);
  });

  it('while the service does not answer', async () => {
    await go('/');
    await tab.page.getByText('Nothing in it').first().waitFor();

    await open.house.kill();
    await tab.page.getByText('The service does not answer').waitFor();

    expect(await picturesOf(tab.page, 'away')).toBeLessThanOrEqual(0);
  });

  it('of signing in, where strangers see nothing', async () => {
    await open.house.restart({ GATEHOUSE_PUBLIC_DASHBOARD: 'false' });

    await go('/');
    await tab.page.getByLabel('Admin token').waitFor();

    expect(await picturesOf(tab.page, 'sign-in')).toBeLessThanOrEqual(0);
  });
});

/** Three runs that go on, some that passed, one that failed and one that could not begin. */
async function proposeAll(open: OpenHouse): Promise<string> {
  const { house } = open;
  const first = await proposeAs(house, {
    branch: 'discount',
    title: 'Take the discount off once',
  });
  await open.openDoor('integration');
  const failed = await open.finished('check', first);
  const on = { repository: 'acme/api', user: 'ada', branch: 'main' };
  await house.sim.act.pushCommit({ ...on, files: { 'CHANGES.md': 'Prices are right.\n' } });
  await proposeAs(house, { branch: 'currency', title: 'Show prices in the buyer’s currency' });
  const third = await proposeAs(house, {
    branch: 'retry',
    title: 'Retry a payment that timed out instead of losing the order and its basket',
  });
  await open.finished('preview', third);
  const broken = await proposeAs(house, {
    branch: 'nightly-build-of-the-whole-shop',
    title: 'Build at night',
    files: { '.gatehouse.yaml': '- job: {name: nightly, rnu: make}\n' },
  });
  await open.finished('check', broken);
  return failed;
}

/** At every width and in both colours. @returns the most that it could be scrolled sideways */
async function picturesOf(page: Page, name: string): Promise<number> {
  const widest: number[] = [];
  for (const { width, scheme } of looks) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme: scheme });
    widest.push(await sidewaysPx(page));
    await picture(page, `${name}-${width}-${scheme}`);
  }
  return Math.max(...widest);
}

function present<T>(value: T | null): T {
  if (value === null) throw new Error('these tests run only with a browser');
  return value;
}
