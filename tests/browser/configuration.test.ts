/** What stands wrong in configurations, as a stranger sees it on a dashboard that is open to all. */
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
import { shiftsOf, smallTargets } from './shifts.ts';

const browser = await browserForTests();
afterAll(() => browser?.close());

const EVIL = "<img src=x onerror='window.owned=1'>";

const SOUND = `
- job: {name: unit, run: 'true'}
- project:
    check: {jobs: [unit]}
`;

/** Six errors and three warnings. */
const BROKEN = `${SOUND}
- job: {name: docs, runn: make docs}
- job: {name: lint, run: 'true', "${EVIL}": 1}
- job: {name: e2e, run: 'true', parent: brwoser}
- job: {name: pack, run: 'true', timeout: soon}
- job: {name: slow, run: 'true', attempts: many}
- job: {name: maybe, run: 'true', voting: perhaps}
- job: {name: held, run: 'true', hold-following-changes: true}
- job: {name: node, run: 'true', nodeset: {nodes: [{name: a, label: ubuntu}]}}
- job: {name: play, run: 'true', ansible-version: 9}
`;

const looks = [360, 1280, 1600].flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => ({ width, scheme })),
);

describe.runIf(browser !== null)('what stands wrong in configurations', () => {
  let open: OpenHouse;
  let tab: Tab;
  const panel = (page: Page) => page.getByRole('region', { name: 'Configuration' });
  const link = (page: Page) => page.getByRole('link', { name: /configuration error/ });
  const pushToMain = (text: string): Promise<unknown> => {
    const on = { repository: 'acme/api', user: 'ada', branch: 'main' };
    return open.house.sim.act.pushCommit({ ...on, files: { '.gatehouse.yaml': text } });
  };

  beforeAll(async () => {
    open = await openForAll(() => ({ '.gatehouse.yaml': SOUND }));
    const number = await proposeAs(open.house, { branch: 'faster', title: 'Make it faster' });
    await open.finished('check', number);
    if (browser === null) throw new Error('these tests run only with a browser');
    tab = await openTab(browser, { width: 360 });
  });
  afterAll(async () => {
    expect(tab.faults).toEqual([]);
    await open[Symbol.asyncDispose]();
  });

  it('is nothing while nothing is wrong', async () => {
    const { page } = tab;

    await page.goto(`${open.house.url}/`);
    await page
      .getByRole('link', { name: /acme\/api#\d+/ })
      .first()
      .waitFor();

    expect([await panel(page).count(), await link(page).count()]).toEqual([0, 0]);
  });

  it('comes by itself, is said aloud, and moves nothing', async () => {
    const { page } = tab;
    const before = await shiftsOf(page);

    await pushToMain(BROKEN);
    await link(page).waitFor();

    const { moved } = await shiftsOf(page);
    // The footer stands below everything, and makes room for what comes.
    expect(moved.slice(before.moved.length).filter((one) => !one.endsWith(' bottom'))).toEqual([]);
    expect(await panel(page).textContent()).toContain('6 errors and 3 warnings');
    const spoken = await page.locator('[aria-live=polite]').allTextContents();
    expect(spoken.join()).toContain('6 configuration errors.');
  });

  it('tells each problem with its remedy, and leads to its line on GitHub', async () => {
    const { page } = tab;
    const first = panel(page).getByRole('listitem').first();
    const line = BROKEN.split('\n').findIndex((text) => text.includes('runn')) + 1;

    const place = first.getByRole('link', { name: `acme/api .gatehouse.yaml:${line}` });

    expect(await place.getAttribute('href')).toMatch(
      new RegExp(`^http://[^/]+/acme/api/blob/main/\\.gatehouse\\.yaml#L${line}$`),
    );
    expect(await first.textContent()).toContain('a job has no attribute runn');
    expect(await first.textContent()).toContain('Did you mean run?');
    expect(await first.textContent()).toContain('on main');
    expect(await first.locator('strong').textContent()).toBe('error');
  });

  it('shows what a file says as text, whatever it says', async () => {
    const { page } = tab;

    expect(await panel(page).textContent()).toContain(EVIL);
    expect(await panel(page).locator('img, script').count()).toBe(0);
    expect(await page.evaluate('window.owned')).toBeUndefined();
  });

  it('is reached and unfolded with the keyboard alone', async () => {
    const { page } = tab;
    await link(page).focus();
    await page.keyboard.press('Enter');
    const focused = await page.evaluate('document.activeElement.id');
    const warning = panel(page).getByText('is accepted, no effect yet').first();
    const wasVisible = await warning.isVisible();

    for (let tries = 0; tries < 20; tries += 1) {
      await page.keyboard.press('Tab');
      const text = String(await page.evaluate('document.activeElement.textContent'));
      if (text === '3 warnings') break;
    }
    await page.keyboard.press('Enter');
    await warning.waitFor();

    expect([focused, wasVisible]).toEqual(['configuration', false]);
    expect(await panel(page).getByText('1 more error').count()).toBe(1);
  });

  it('fits every window, in light and dark', async () => {
    const { page } = tab;
    const widest: number[] = [];
    const small: string[] = [];

    for (const { width, scheme } of looks) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: scheme });
      widest.push(await sidewaysPx(page));
      small.push(...(await smallTargets(page)));
      await picture(page, `configuration-${width}-${scheme}`);
    }

    expect(Math.max(...widest)).toBeLessThanOrEqual(0);
    expect(small).toEqual([]);
  });

  it('goes by itself when it is repaired', async () => {
    const { page } = tab;

    await pushToMain(SOUND);
    await link(page).waitFor({ state: 'detached' });

    expect(await panel(page).count()).toBe(0);
    const spoken = await page.locator('[aria-live=polite]').allTextContents();
    expect(spoken.join()).toContain('No configuration errors any more.');
  });
});
