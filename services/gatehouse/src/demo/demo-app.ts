/** The demo's App: registered on the first run, found again on the next. */
import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGithubSim, type GithubSim, seedDemoSite } from '@gatehouse/github-sim';

/** What the service has to know to be that App. Holds secrets: never log it. */
export interface DemoApp {
  readonly id: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
  /** True on the first run: there are no pull requests yet. */
  readonly isNew: boolean;
}

/** The simulator, started, and the App that is installed in it. */
export interface DemoSite extends AsyncDisposable {
  readonly sim: GithubSim;
  readonly url: string;
  readonly apiUrl: string;
  readonly app: DemoApp;
}

/** Where the simulator listens, and where its App is reached. */
export interface DemoSiteOptions {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly webhookUrl: string;
}

/**
 * Starts the simulator on what an earlier run left, or on nothing. A state without its App's
 * credentials is of no use to anybody and is made anew.
 */
export async function openDemoSite(options: DemoSiteOptions): Promise<DemoSite> {
  const folder = join(options.dataDir, 'demo', 'github');
  const credentials = join(options.dataDir, 'demo', 'app.json');
  const kept = await readKept(credentials);
  if (kept === null) await rm(folder, { recursive: true, force: true });
  const { host, port, webhookUrl } = options;
  const sim = createGithubSim({ dataDir: folder, host, port });
  const { url, apiUrl } = await sim.start();
  const site = { sim, url, apiUrl, [Symbol.asyncDispose]: () => sim.stop() };
  if (kept !== null && sim.isRestored) {
    await sim.act.editApp({ app: 'gatehouse', webhookUrl });
    return { ...site, app: { ...kept, isNew: false } };
  }
  const webhookSecret = randomBytes(24).toString('hex');
  const { app } = await seedDemoSite(sim.act, { webhookUrl, webhookSecret });
  const made = { id: app.id, privateKey: app.privateKey, webhookSecret };
  await writeFile(credentials, JSON.stringify(made), { mode: 0o600 });
  return { ...site, app: { ...made, isNew: true } };
}

/** Null: there are none, or they cannot be read. */
async function readKept(path: string): Promise<Omit<DemoApp, 'isNew'> | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const kept: unknown = JSON.parse(text);
    return isCredentials(kept) ? kept : null;
  } catch {
    return null;
  }
}

function isCredentials(kept: unknown): kept is Omit<DemoApp, 'isNew'> {
  if (typeof kept !== 'object' || kept === null) return false;
  if (!('id' in kept && 'privateKey' in kept && 'webhookSecret' in kept)) return false;
  const { id, privateKey, webhookSecret } = kept;
  return (
    typeof id === 'number' && typeof privateKey === 'string' && typeof webhookSecret === 'string'
  );
}
