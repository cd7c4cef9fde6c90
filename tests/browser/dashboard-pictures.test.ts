/**
 * Pictures of the dashboard for people to look at: in `artifacts/`, at the widths and in the
 * colours that it is made for.
 */
import { browserForTests } from '@gatehouse/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, openForAll, openTab, picture, proposeAs, sidewaysPx } from './browsing.ts';

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

  beforeAll(async () => {
    open = await openForAll(filesOf);
    const { house } = open;
    const first = await proposeAs(house, {
      branch: 'discount',
      title: 'Take the discount off once',
    });
    await open.openDoor('integration');
    failed = await open.finished('check', first);
    const on = { repository: 'acme/api', user: 'ada', branch: 'main' };
    await house.sim.act.pushCommit({ ...on, files: { 'CHANGES.md': 'Prices are right.\n' } });
    await proposeAs(house, { branch: 'currency', title: 'Show prices in the buyer’s currency' });
    const last = await proposeAs(house, {
      branch: 'retry',
      title: 'Retry a payment that timed out instead of losing the order and its basket',
    });
    await open.finished('preview', last);
  });
  afterAll(() => open[Symbol.asyncDispose]());

  it.each([
    ['overview', '3 runs in progress'],
    ['buildset', 'Tests  1 failed'],
  ])('of the %s are taken, and nothing is wider than the window', async (name, sign) => {
    if (browser === null) throw new Error('these tests run only with a browser');
    const { page, faults } = await openTab(browser);
    await page.goto(`${open.house.url}${name === 'overview' ? '/' : failed}`);
    await page.getByText(sign).waitFor();
    const widest: number[] = [];

    for (const { width, scheme } of looks) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: scheme });
      widest.push(await sidewaysPx(page));
      await picture(page, `${name}-${width}-${scheme}`);
    }
    await page.close();

    expect(Math.max(...widest)).toBeLessThanOrEqual(0);
    expect(faults).toEqual([]);
  });
});
