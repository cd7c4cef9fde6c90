/** A house whose dashboard is open to everybody, and a real browser that looks at it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { browserForTests } from '@gatehouse/testkit';
import { type House, openHouse, until } from '../blackbox/house.ts';
import { noteShifts } from './shifts.ts';

/** A Chromium. */
export type Browser = NonNullable<Awaited<ReturnType<typeof browserForTests>>>;
/** A tab of it. */
export type Page = Awaited<ReturnType<Browser['newPage']>>;

const buildScript = resolve(import.meta.dirname, '../../tools/build-dashboard.mjs');

const pictures = resolve(import.meta.dirname, '../../artifacts/dashboard');

/** A house, and doors that its jobs wait behind. */
export interface OpenHouse extends AsyncDisposable {
  readonly house: House;
  /** Lets the jobs go on that wait for a door of this name. */
  openDoor(name: string): Promise<void>;
  /** Resolves with the path of a run's page once it is over. @param number of `acme/api` */
  finished(pipeline: string, number: number): Promise<string>;
}

/** The part of a finished run, as the API tells it, that is used here. */
interface RecentRun {
  readonly id: string;
  readonly pipeline: string;
  readonly change: { readonly number: number | null };
}

/** Builds the dashboard if it has changed, and opens a house whose jobs may wait for doors. */
export async function openForAll(
  files: (wait: (door: string) => string) => Readonly<Record<string, string>>,
): Promise<OpenHouse> {
  await promisify(execFile)(process.execPath, [buildScript]);
  const doors = await mkdtemp(join(tmpdir(), 'gatehouse-doors-'));
  const wait = (door: string): string => `until [ -e ${doors}/${door} ]; do sleep 0.05; done`;
  const house = await openHouse({
    files: files(wait),
    // Jobs that wait for a door must not keep the others from running.
    environment: { GATEHOUSE_PUBLIC_DASHBOARD: 'true', GATEHOUSE_RUNNER_CONCURRENCY: '16' },
  });
  return {
    house,
    openDoor: (name) => writeFile(join(doors, name), ''),
    finished: (pipeline, number) =>
      until(`${pipeline} of acme/api#${number} to be over`, async () => {
        const answer = await fetch(`${house.url}/api/v1/overview`);
        const { recent } = (await answer.json()) as { recent: readonly RecentRun[] };
        const run = recent.find((one) => one.pipeline === pipeline && one.change.number === number);
        return run === undefined ? null : `/buildsets/${run.id}`;
      }),
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      await rm(doors, { recursive: true, force: true });
    },
  };
}

/** How a page is looked at. */
export interface Look {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
}

/** A tab, and everything in it that must not happen. */
export interface Tab {
  readonly page: Page;
  /** Errors of scripts, and what the content security policy refused. */
  readonly faults: readonly string[];
}

/** Opens a tab of a browser that knows nobody. */
export async function openTab(browser: Browser, look: Look = {}): Promise<Tab> {
  const { width = 1280, scheme = 'light' } = look;
  const page = await browser.newPage({
    viewport: { width, height: 800 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  page.setDefaultTimeout(30_000);
  await noteShifts(page);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // That the service is away is what some tests are about; the browser tells it as an error.
    const isAway = /Failed to load resource|net::ERR_/.test(message.text());
    if (message.type() === 'error' && !isAway) faults.push(message.text());
  });
  return { page, faults };
}

/** Proposes a change to `acme/api` as a writer. */
export async function proposeAs(
  house: House,
  change: {
    readonly branch: string;
    readonly title: string;
    /** A new file named after the branch, unless given. */
    readonly files?: Readonly<Record<string, string>>;
  },
): Promise<number> {
  const { branch, title, files = { [`${branch}.txt`]: 'new\n' } } = change;
  const on = { repository: 'acme/api', user: 'ada' };
  await house.sim.act.pushCommit({ ...on, branch, files });
  const { number } = await house.sim.act.openPullRequest({ ...on, head: branch, title });
  return number;
}

/** Leaves a picture of the page in `artifacts/dashboard` for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

/** How far the page can be scrolled sideways, in pixels. */
export function sidewaysPx(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - innerWidth');
}
