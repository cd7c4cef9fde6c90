import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { browserForTests } from '@gatehouse/testkit';
import type { BrowserContext, Page } from 'playwright-core';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
} from 'vitest';
import {
  buildWorld,
  openBranchPull,
  startReceiver,
  startTestSim,
  type TestSim,
  type World,
} from '../testing.ts';

const artifacts = resolve(import.meta.dirname, '../../../../artifacts');
const browser = await browserForTests();

let on: TestSim;
let world: World;
let context: BrowserContext;
let page: Page;
/** What the browser complained about: errors of the script, refusals of the policy. */
let complaints: string[];

afterAll(async () => {
  await browser?.close();
});

// A browser on a busy machine takes its time; each step has its own, shorter bound.
describe.runIf(browser !== null)('the page in a browser', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    await mkdir(artifacts, { recursive: true });
  });

  beforeEach(async () => {
    if (browser === null) return;
    on = await startTestSim();
    world = await buildWorld(on);
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  });

  afterEach(async () => {
    await context.close();
    await on[Symbol.asyncDispose]();
  });

  async function makeRun(head_sha: string, more: Record<string, unknown> = {}): Promise<number> {
    const body = { name: 'gatehouse/check', head_sha, ...more };
    const made = await world.asInstallation('POST', '/repos/acme/api/check-runs', { body });
    return made.body.id;
  }

  async function visit(path: string): Promise<void> {
    await page.goto(`${on.url}${path}`);
    // Connected: from here on nothing that happens is missed.
    await page.locator('#live[data-lost="false"]').waitFor();
  }

  /**
   * Links and controls below 24 pixels, but for links within a sentence.
   * Source: https://www.w3.org/TR/WCAG22/#target-size-minimum
   */
  function smallTargets(): Promise<string[]> {
    return page.evaluate(`[...document.querySelectorAll('a, button, input, select, summary')]
      .flatMap((one) => {
        const { width, height, right } = one.getBoundingClientRect();
        const { display, opacity } = getComputedStyle(one);
        // A box or a dot is hit by its label.
        const isLabelled = ['checkbox', 'radio'].includes(one.type);
        const isApart = width > 0 && right > 0 && display !== 'inline' && opacity !== '0';
        if (!isApart || isLabelled || (width >= 24 && height >= 24)) return [];
        return [one.textContent.trim() + ' ' + width + 'x' + height];
      })`);
  }

  async function keep(name: string): Promise<void> {
    await page.screenshot({ path: join(artifacts, `sim-${name}.png`), fullPage: true });
  }

  test('a check goes its way before one’s eyes, and what one types stays', async () => {
    const { headSha } = await openBranchPull(on.act, 'fix');
    await visit('/acme/api/pull/1');
    await page.getByText('No checks yet').waitFor();
    const comment = page.getByRole('textbox', { name: 'Comment as ada' });
    await comment.fill('half a sent');

    const run = await makeRun(headSha, { status: 'in_progress' });
    await page.getByText('In progress —').waitFor();
    const output = { title: '3 jobs passed', summary: '' };
    const body = { status: 'completed', conclusion: 'success', output };
    await world.asInstallation('PATCH', `/repos/acme/api/check-runs/${run}`, { body });
    await page.getByText('All checks have passed').waitFor();
    await comment.pressSequentially('ence');

    expect(await comment.inputValue()).toBe('half a sentence');
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await page.locator('.talk').getByText('half a sentence').first().waitFor();
    expect(await comment.inputValue()).toBe('');
    expect(complaints).toEqual([]);
    await keep('conversation');
  });

  test('a press on a check’s button reaches its App', async () => {
    await using receiver = await startReceiver();
    await on.act.editApp({ app: 'gatehouse', webhookUrl: receiver.url });
    const { headSha } = await openBranchPull(on.act, 'fix');
    const approve = { label: 'Approve and run', description: 'Let it run', identifier: 'approve' };
    await makeRun(headSha, {
      conclusion: 'action_required',
      output: { title: 'Waiting for approval', summary: '| Job |\n| --- |\n| unit |' },
      actions: [approve],
    });
    await visit('/acme/api/pull/1');

    await page.getByRole('link', { name: 'Details of gatehouse/check' }).click();
    await page.getByRole('cell', { name: 'unit' }).waitFor();
    await page.getByRole('button', { name: 'Approve and run' }).click();
    await page.getByText('Asked gatehouse: Approve and run').waitFor();
    await page.getByRole('button', { name: 'Re-run', exact: true }).click();
    await page.getByText('Asked for gatehouse/check to run again').waitFor();

    await on.act.settled();
    expect(receiver.names()).toContain('check_run.requested_action');
    expect(receiver.names()).toContain('check_run.rerequested');
    expect(complaints).toEqual([]);
    await keep('check');
  });

  test('somebody without rights cannot press, and is told why in place', async () => {
    const { headSha } = await openBranchPull(on.act, 'fix');
    await makeRun(headSha, { conclusion: 'success' });
    await visit('/acme/api/pull/1');

    await page.getByLabel('Acting as').selectOption('sam');
    const button = page.getByRole('button', { name: 'Re-run all checks' });
    await page.getByText('sam has no write access here').waitFor();
    expect(await button.isDisabled()).toBe(true);
    await page.getByLabel('Acting as').selectOption('ada');
    await page.getByText('sam has no write access here').waitFor({ state: 'detached' });

    expect(await button.isDisabled()).toBe(false);
    expect(complaints).toEqual([]);
  });

  test('the whole life of a pull request, by buttons alone', async () => {
    await visit('/');
    await page.getByRole('link', { name: 'New pull request' }).first().click();
    await page.getByLabel('Acting as').selectOption('sam');
    await page.getByText('sam may not push here').waitFor();
    await page.getByLabel('Title').fill('Say hello');
    await page.getByLabel('As a draft').check();
    await page.getByRole('button', { name: 'Create pull request' }).click();

    const badge = page.locator('.badge');
    await badge.getByText('Draft').waitFor();
    await page.getByRole('button', { name: 'Mark as ready' }).click();
    await badge.getByText('Open').waitFor();
    await page.getByRole('button', { name: 'Push', exact: true }).click();
    await page.getByText('wants to merge 2 commits').waitFor();
    await page.getByRole('button', { name: 'Close pull request' }).click();
    await badge.getByText('Closed').waitFor();
    await page.getByRole('button', { name: 'Reopen pull request' }).click();
    await badge.getByText('Open').waitFor();

    await page.getByLabel('Acting as').selectOption('ada');
    await page.getByText('Review changes').click();
    await page.getByLabel('Review as ada').fill('Fine.');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('approved these changes').waitFor();
    await page.getByLabel('Label to add').fill('good');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Remove the label good' }).waitFor();
    await page.getByRole('button', { name: 'Merge pull request' }).click();
    await badge.getByText('Merged').waitFor();

    const { mergedBy, labels } = await on.act.pullRequest({ repository: 'acme/api', number: 1 });
    expect({ mergedBy, labels }).toEqual({ mergedBy: 'ada', labels: ['good'] });
    expect(complaints).toEqual([]);
    await keep('merged');
  });

  test('a refusal is told without losing what was written', async () => {
    await visit('/acme/api/compare');

    await page.getByLabel('A change of your own').check();
    await page.getByLabel('Its contents').fill('text');
    await page.getByRole('button', { name: 'Create pull request' }).click();

    await page.getByText('Name the file that you change').waitFor();
    expect(await page.getByLabel('Its contents').inputValue()).toBe('text');
  });

  test('annotations stand on their lines in the changed file', async () => {
    const { headSha } = await openBranchPull(on.act, 'fix', { 'src/a.txt': 'one\nzwei\nthree\n' });
    const annotation = { path: 'src/a.txt', start_line: 2, end_line: 2, message: 'Not English' };
    const annotations = [{ ...annotation, annotation_level: 'failure' }];
    const output = { title: 'T', summary: 'S', annotations };
    await makeRun(headSha, { conclusion: 'failure', output });
    await visit('/acme/api/pull/1/files');

    const line = page.getByRole('row', { name: 'zwei' });
    const remark = page.getByRole('row', { name: 'Not English' });
    const [lineBox, remarkBox] = [await line.boundingBox(), await remark.boundingBox()];

    expect(remarkBox?.y).toBe((lineBox?.y ?? 0) + (lineBox?.height ?? 0));
    await keep('files');
  });

  test('nothing is wider than a telephone or too small to hit, in the dark either', async () => {
    const { headSha } = await openBranchPull(on.act, 'fix');
    await makeRun(headSha, {
      conclusion: 'failure',
      output: { title: 'T'.repeat(200), summary: `| ${'wide '.repeat(30)} |\n| --- |\n| x |` },
    });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: 'dark' });

    for (const path of ['', '/pulls', '/compare', '/pull/1', '/pull/1/checks', '/pull/1/files']) {
      await visit(`/acme/api${path}`);
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect([path, width]).toEqual([path, 360]);
      expect([path, await smallTargets()]).toEqual([path, []]);
    }
    await keep('narrow');
  });

  test('the keyboard alone is enough', async () => {
    await openBranchPull(on.act, 'fix');
    await visit('/acme/api/pull/1');

    await page.keyboard.press('Tab');
    const first = page.locator(':focus');
    expect(await first.textContent()).toBe('Skip to content');
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    expect(outline).toBe('solid');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Comment as ada' }).focus();
    await page.keyboard.type('recheck');
    await page.keyboard.press('Control+Enter');

    await page.locator('.talk').getByText('recheck', { exact: true }).waitFor();
  });

  test('a connection that breaks is told, and found again', async () => {
    await openBranchPull(on.act, 'fix');
    await visit('/acme/api/pull/1');
    const port = new URL(on.url).port;

    await on.sim.stop();
    await page.getByText('reconnecting').waitFor();
    const { dataDir } = on;
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    on = await startTestSim({ dataDir, port: Number(port) });
    await on.act.comment({ repository: 'acme/api', number: 1, user: 'sam', body: 'Still there?' });

    await page.getByText('Still there?').waitFor();
    expect(await page.locator('#live').textContent()).toBe('live');
  });
});
