/** The log of a job that is tried again, as somebody sees it who looks on all the time. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserForTests } from '@gatehouse/testkit';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { openForAll, openTab, proposeAs } from './browsing.ts';

const browser = await browserForTests();
afterAll(() => browser?.close());

describe.runIf(browser !== null)('the log of a job that is tried again', () => {
  it('goes over to the second try by itself and follows that to its end', async () => {
    if (browser === null) throw new Error('this test runs only with a browser');
    const flags = await mkdtemp(join(tmpdir(), 'gatehouse-flags-'));
    onTestFinished(() => rm(flags, { recursive: true, force: true }));
    const flag = join(flags, 'tried');
    await using open = await openForAll((wait) => {
      const prepare = `${wait('first')}; test -e ${flag} || { touch ${flag}; exit 1; }`;
      const run = `echo prepared; ${wait('second')}; echo done`;
      const job = { name: 'unit', 'pre-run': prepare, run };
      const project = { check: { jobs: ['unit'] } };
      return { '.gatehouse.yaml': JSON.stringify([{ job }, { project }]) };
    });
    const number = await proposeAs(open.house, { branch: 'again', title: 'Try it twice' });
    const { page, faults } = await openTab(browser);
    await page.goto(open.house.url);
    await page.getByRole('link', { name: `acme/api#${number}` }).click();
    await page.locator('.log-lines', { hasText: 'attempt 1 of 3' }).waitFor();

    await open.openDoor('first');
    await page.locator('.log-lines', { hasText: 'prepared' }).waitFor();
    const meanwhile = await page.textContent('.log');
    await open.openDoor('second');
    await page.getByText('Complete, ').waitFor();
    const afterwards = await page.textContent('.log');
    await page.getByRole('link', { name: 'Plain text' }).click();
    const plain = await page.textContent('body');

    expect(meanwhile).toContain('Live, following the end');
    expect(meanwhile).toContain('attempt 2 of 3');
    expect(meanwhile).not.toContain('attempt 1 of 3');
    expect(afterwards).toContain('Result: SUCCESS');
    expect(plain).toContain('attempt 2 of 3');
    expect(faults).toEqual([]);
  });
});
