import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { browserForTests } from '@gatehouse/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type OpenHouse,
  openForAll,
  openTab,
  type Page,
  proposeAs,
  sidewaysPx,
  type Tab,
} from './browsing.ts';
import { shiftsOf, smallTargets } from './shifts.ts';

const browser = await browserForTests();
afterAll(() => browser?.close());

/** As the house sets it. */
const ADMIN_TOKEN = 'admin-token-of-the-test';
const EVIL = '<img src=x onerror="window.owned=1"><script>window.owned=1</script>';
/** A branch may be called this: git forbids spaces in it, not mark-up. */
const EVIL_BRANCH = 'x"><img/src=x/onerror=window.owned=1>';
/** A job may be called this. */
const EVIL_JOB = '<b onclick="window.owned=1">bold</b>';
/** Shifts of a page that fills: half of what counts as good. */
const FILLING_SHIFT_MAX = 0.05;
/** With a run that comes, grows and goes, which moves what is finished: what counts as good. */
const LIVE_SHIFT_MAX = 0.1;
/** Lines that the large log has; about 3 MB. */
const LARGE_LINES = 60_000;

const filesOf = (wait: (door: string) => string): Record<string, string> => ({
  'README.md': '# api\n',
  // `printf` has its text from a file, so that no quoting stands between the test and the log.
  'evil.txt': `${EVIL}\n\u001b[31mred\u001b[0m plain\n`,
  '.gatehouse.yaml': `
- job: {name: unit, run: ${JSON.stringify(`echo before; cat evil.txt; ${wait('unit')}; echo after`)}}
- job: {name: lint, run: echo linted}
- job: {name: package, run: echo packaged, dependencies: [unit]}
- job: {name: ${JSON.stringify(EVIL_JOB)}, run: echo bold}
- job: {name: large, run: "seq -f 'line %g of a log that is large' 1 ${LARGE_LINES}"}
- project:
    check: {jobs: [unit, lint, package, large, ${JSON.stringify(EVIL_JOB)}]}
`,
});

describe.runIf(browser !== null)('the dashboard', () => {
  let open: OpenHouse;
  let number: number;
  let tab: Tab;

  beforeAll(async () => {
    open = await openForAll(filesOf);
  });
  afterAll(async () => {
    expect(tab.faults).toEqual([]);
    await open[Symbol.asyncDispose]();
  });

  const go = (page: Page, path: string) => page.goto(`${open.house.url}${path}`);
  const run = (page: Page) => page.getByRole('link', { name: `acme/api#${number}` });

  it('helps when there is nothing to see', async () => {
    tab = await openTab(present(browser));

    await go(tab.page, '/');

    await tab.page.getByRole('heading', { name: 'No runs yet' }).waitFor();
    expect(await tab.page.textContent('.empty')).toContain('.gatehouse.yaml');
  });

  it('shows a run that begins, live, and nothing in its names becomes mark-up', async () => {
    const { page } = tab;
    await page.evaluate('window.sameDocument = true');

    number = await proposeAs(open.house, {
      branch: EVIL_BRANCH,
      title: EVIL,
      files: { 'mischief.txt': 'new\n' },
    });
    await run(page).waitFor();
    await page.getByText('of 5 jobs done').waitFor();

    expect(await page.textContent('.card-title')).toContain(EVIL);
    expect(await page.textContent('.card')).toContain(EVIL_JOB);
    expect(await page.evaluate('[window.sameDocument, window.owned]')).toEqual([true, undefined]);
  });

  it('is walked through with the keyboard alone', async () => {
    const { page } = tab;
    await go(page, '/');
    await run(page).waitFor();

    await page.keyboard.press('Tab');
    const first = await page.evaluate('document.activeElement.textContent');
    await tabTo(page, `acme/api#${number}`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    const afterwards = await page.evaluate('document.activeElement.tagName');
    await tabTo(page, 'Show the log of unit');
    await page.keyboard.press('Enter');

    expect(first).toBe('Skip to content');
    expect(afterwards).toBe('H1');
    await page.getByRole('heading', { name: 'Log of unit' }).waitFor();
  });

  it('follows a log while the job runs, in colour, and nothing in it becomes mark-up', async () => {
    const { page } = tab;

    await page.locator('.log-lines', { hasText: 'red plain' }).waitFor();

    expect(await page.textContent('.log-lines')).toContain(EVIL);
    expect(await page.textContent('.facts')).toContain(EVIL_BRANCH);
    expect(await page.textContent('.jobs')).toContain(EVIL_JOB);
    expect(await page.textContent('.log-lines')).not.toMatch(/^after$/m);
    expect(await page.textContent('.log-lines .ansi-ink-1')).toBe('red');
    expect(await page.evaluate('window.owned')).toBeUndefined();
    await page.getByText('Live, following the end').waitFor();
  });

  it('goes from running to passed without being loaded again, and says so aloud', async () => {
    const { page } = tab;
    await page.evaluate('window.sameDocument = true');
    await page.locator('.run-head', { hasText: 'Running' }).waitFor();

    await open.openDoor('unit');
    await page.locator('.run-head', { hasText: 'Passed' }).waitFor();

    await page.locator('.log-lines', { hasText: 'SUCCESS' }).waitFor();
    expect(await page.textContent('.log-lines')).toMatch(/^after$/m);
    await page.getByText('5 of 5 jobs done').waitFor();
    await page.getByText('Complete, ').waitFor();
    const spoken = await page.locator('[aria-live=polite]').allTextContents();
    expect(spoken.join()).toContain(`check of acme/api#${number}: Passed.`);
    expect(await page.evaluate('window.sameDocument')).toBe(true);
  });

  it('shows the end of a large log at once, and what was before on request', async () => {
    const { page } = tab;
    await page.getByRole('button', { name: 'Show the log of large' }).click();
    await page.locator('.log-lines', { hasText: `line ${LARGE_LINES}` }).waitFor();

    const atFirst = await lengthOfLog(page);
    await page.getByRole('button', { name: 'Load earlier output' }).click();
    await expect.poll(() => lengthOfLog(page), { timeout: 30_000 }).toBeGreaterThan(atFirst * 2);

    const shown = await page.textContent('.log-lines');
    const lines = (shown ?? '').trim().split('\n');
    const numbers = lines.flatMap((line) => /^line (\d+)/.exec(line)?.[1] ?? []).map(Number);
    const gaps = numbers.filter((one, at) => at > 0 && one !== (numbers[at - 1] ?? 0) + 1);
    expect(atFirst).toBeLessThan(300_000);
    expect(numbers.at(-1)).toBe(LARGE_LINES);
    expect(gaps).toEqual([]);
  });

  it('keeps its pages at their addresses: back, forward, and a job alone', async () => {
    const { page } = tab;
    const address = page.url();

    await page.getByRole('link', { name: 'lint', exact: true }).click();
    await page.locator('.log-lines', { hasText: 'linted' }).waitFor();
    const job = page.url();
    await page.goBack();
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();

    expect(job).toMatch(/\/builds\/[^/]+$/);
    expect(page.url()).toBe(address);
    await go(page, new URL(job).pathname);
    await page.getByRole('heading', { name: 'Log of lint' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
  });

  it('says that a log is not kept any more', async () => {
    const { page } = tab;
    const address = await page
      .getByRole('link', { name: 'large', exact: true })
      .getAttribute('href');
    const build = address?.split('/').at(-1) ?? '';

    await rm(join(open.house.dataDir, 'logs', build), { recursive: true });
    await go(page, address ?? '');

    await page.getByText('No log of this job is kept').waitFor();
    await page.locator('.log-state', { hasText: 'Not kept' }).waitFor();
  });

  it('says what is not there', async () => {
    const { page } = tab;

    await go(page, '/');
    await page.evaluate("history.pushState(null, '', '/buildsets/no-such-run')");
    await page.evaluate("dispatchEvent(new PopStateEvent('popstate'))");

    await page.getByRole('heading', { name: 'Not found' }).waitFor();
  });

  it.each(['light', 'dark'] as const)(
    'is readable in %s, fits 360 pixels and is hit with a finger',
    async (scheme) => {
      const narrow = await openTab(present(browser), { width: 360, scheme });
      const { page } = narrow;

      await go(page, '/');
      await run(page).first().waitFor();
      const front = await sidewaysPx(page);
      const small = await smallTargets(page);
      await run(page).first().click();
      await page.getByRole('heading', { name: 'Jobs' }).waitFor();
      const details = await sidewaysPx(page);
      const pale = await paleTexts(page);
      small.push(...(await smallTargets(page)));
      await page.close();

      expect([front, details].every((px) => px <= 0)).toBe(true);
      expect(pale).toEqual([]);
      expect(small).toEqual([]);
      expect(narrow.faults).toEqual([]);
    },
  );

  it.each([360, 1600])(
    'does not jump at %i pixels while a page fills and a run ends',
    async (width) => {
      const { page } = await openTab(present(browser), { width });
      const title = 'A run that is watched from its beginning';
      await go(page, '/');
      await run(page).first().waitFor();
      const front = await shiftsOf(page);

      const watched = await proposeAs(open.house, { branch: `watched-${width}`, title });
      const path = await open.finished('check', watched);
      await page.locator(`.recent a[href="${path}"]`).waitFor();
      const ended = await shiftsOf(page);
      await go(page, path);
      await page.getByText('Complete, ').waitFor();
      const details = await shiftsOf(page);
      await page.close();

      expect(front.sum, front.moved.join('; ')).toBeLessThan(FILLING_SHIFT_MAX);
      expect(ended.sum, ended.moved.join('; ')).toBeLessThan(LIVE_SHIFT_MAX);
      expect(details.sum, details.moved.join('; ')).toBeLessThan(FILLING_SHIFT_MAX);
    },
  );

  it('is signed in to with the admin token', async () => {
    const { page } = tab;
    await go(page, '/');

    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Admin token').fill(ADMIN_TOKEN);
    await page.keyboard.press('Enter');

    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await run(page).first().waitFor();
  });

  it('says that the service is away, and goes on by itself when it is back', async () => {
    const { page } = tab;
    await page.evaluate('window.sameDocument = true');

    await open.house.kill();
    await page.getByText('The service does not answer').waitFor();
    const isStillShown = await run(page).first().isVisible();
    await open.house.restart({ GATEHOUSE_PUBLIC_DASHBOARD: 'false' });
    const next = await proposeAs(open.house, { branch: 'later', title: 'After the restart' });
    await page.getByRole('link', { name: `acme/api#${next}` }).waitFor();

    expect(isStillShown).toBe(true);
    await page.getByText('The service does not answer').waitFor({ state: 'detached' });
    await page.locator('.connection', { hasText: 'Live' }).waitFor();
    expect(await page.evaluate('window.sameDocument')).toBe(true);
  });

  it('shows strangers the sign-in page where it is not public, and leads them on', async () => {
    const stranger = await openTab(present(browser), { width: 360 });
    const { page } = stranger;
    const address = await run(tab.page).first().getAttribute('href');

    await go(page, address ?? '');
    const seen = (await page.textContent('main')) ?? '';
    await page.getByLabel('Admin token').fill(ADMIN_TOKEN);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    const arrived = page.url();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Admin token').waitFor();
    await page.close();

    expect(seen).toContain('Sign in');
    expect(seen).not.toContain('acme');
    expect(arrived).toBe(`${open.house.url}${address}`);
    expect(stranger.faults).toEqual([]);
  });
});

function present<T>(value: T | null): T {
  if (value === null) throw new Error('these tests run only with a browser');
  return value;
}

/** Presses Tab until what has the focus is called `name`. */
async function tabTo(page: Page, name: string): Promise<void> {
  const pressesMax = 40;
  for (let presses = 0; presses < pressesMax; presses += 1) {
    const focused = await page.evaluate(
      '(document.activeElement.ariaLabel ?? document.activeElement.textContent).trim()',
    );
    if (focused === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`nothing called "${name}" is reached with Tab`);
}

function lengthOfLog(page: Page): Promise<number> {
  return page.evaluate("document.querySelector('.log-lines').textContent.length");
}

/**
 * Texts whose contrast with what is behind them is below 4.5.
 * Source: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 */
function paleTexts(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgba = (colour) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map((part) => {
        const one = part / 255;
        return one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = (element) => {
      for (let at = element; at !== null; at = at.parentElement) {
        const colour = rgba(getComputedStyle(at).backgroundColor);
        if (colour[3] === 255) return colour;
      }
      return [255, 255, 255];
    };
    const pale = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      if (node.data.trim() === '' || element.closest('.unseen, .skip, noscript, script')) continue;
      const [a, b] = [light(rgba(getComputedStyle(element).color)), light(behind(element))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (contrast < 4.5) pale.push(node.data.trim().slice(0, 40) + ' ' + contrast.toFixed(2));
    }
    return pale;
  })()`);
}
