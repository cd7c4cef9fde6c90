/**
 * `npm run demo`: the simulated GitHub, the service and an embedded Redis in one process, with
 * sample repositories and pull requests. What it made stays in the data directory, so that a
 * second run goes on where the first stopped.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openDemoPullRequests } from '@gatehouse/github-sim';
import {
  readSettings,
  renderSettingsProblems,
  type Settings,
  type SettingsProblem,
  secretValues,
} from '@gatehouse/settings';
import { createLog } from '@gatehouse/telemetry';
import { complain, say } from '../commands/print.ts';
import { startWith } from '../commands/serve.ts';
import { demoNotePath } from '../commands/sim-target.ts';
import { startProblemText } from '../commands/start-problem.ts';
import { freePort } from '../free-port.ts';
import { untilAskedToStop } from '../signals.ts';
import { type DemoSite, openDemoSite } from './demo-app.ts';
import { runningDemo } from './running-demo.ts';
import { alreadyRunningText, readyText, stepText } from './text.ts';

/** Where the service and the simulator listen unless something else does already. */
const SERVICE_PORT = 8080;
const SIM_PORT = 8090;
const HOST = '127.0.0.1';
/** The pull request that the three things to try speak of. */
const EXAMPLE = { repository: 'acme/api', number: 1 };

/** What the command is given. */
export interface DemoDeps {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The workspace's root. */
  readonly root: string;
}

/** Runs until asked to stop. @returns the exit code. */
export async function demo(deps: DemoDeps): Promise<number> {
  const startedAt = performance.now();
  const step = (text: string): void => say(stepText(performance.now() - startedAt, text));
  const asked = untilAskedToStop();
  const dataDir = resolve(deps.root, deps.environment.GATEHOUSE_DATA_DIR ?? '.gatehouse');
  const other = await runningDemo(demoNotePath(dataDir));
  if (other !== null) {
    complain(alreadyRunningText(other, dataDir));
    return 1;
  }
  const mistakes = ownMistakes(deps);
  if (mistakes.length > 0) {
    complain(renderSettingsProblems(mistakes));
    return 1;
  }
  await mkdir(join(dataDir, 'demo'), { recursive: true, mode: 0o700 });

  const port = await choosePort(deps, step);
  step('Starting the simulated GitHub.');
  const webhookUrl = `http://${HOST}:${port}/webhooks/github`;
  const simPort = await freePort(HOST, SIM_PORT);
  await using site = await openDemoSite({ dataDir, host: HOST, port: simPort, webhookUrl });

  const settings = demoSettings(deps, { dataDir, port, site });
  if (settings === null) return 1;
  // Awaited here: the simulator must not be stopped before the service is.
  return await runService({ deps, step, settings, site, asked });
}

interface DemoRun {
  readonly deps: DemoDeps;
  readonly step: (text: string) => void;
  readonly settings: Settings;
  readonly site: DemoSite;
  readonly asked: Promise<NodeJS.Signals>;
}

async function runService({ deps, step, settings, site, asked }: DemoRun): Promise<number> {
  const log = createLog({ level: settings.logLevel, secrets: secretValues(settings) });
  step('Starting the service.');
  try {
    const hostEnvironment = deps.environment;
    await using service = await startWith(settings, { log, onStep: step, hostEnvironment });
    if (site.app.isNew) {
      step('Opening three pull requests.');
      await openDemoPullRequests(site.sim.act);
    }
    const addresses = { simUrl: site.url, dashboardUrl: service.publicUrl };
    const note = demoNotePath(settings.dataDir);
    await writeFile(note, JSON.stringify({ ...addresses, pid: process.pid }));
    say(readyText({ ...addresses, example: EXAMPLE }));
    await asked;
    step('Stopping everything.');
    await rm(note, { force: true });
  } catch (error) {
    complain(startProblemText(error, settings));
    return 1;
  }
  return 0;
}

/** What is wrong with what the person has set, before anything is begun with it. */
function ownMistakes({ environment }: DemoDeps): readonly SettingsProblem[] {
  const reading = readSettings({ env: environment, readFile: () => '' });
  if (reading.ok) return [];
  // What is not set, and who the App is, the demo sees to itself.
  return reading.problems.filter(
    ({ setting, source }) => source !== null && !setting.startsWith('GATEHOUSE_GITHUB_'),
  );
}

async function choosePort(deps: DemoDeps, step: (text: string) => void): Promise<number> {
  const wanted = Number(deps.environment.GATEHOUSE_PORT ?? SERVICE_PORT);
  const port = await freePort(HOST, wanted);
  if (port !== wanted) step(`Port ${wanted} is taken; the service listens on ${port}.`);
  return port;
}

/** Null: what the environment says is wrong, and was said. */
function demoSettings(
  { environment }: DemoDeps,
  { dataDir, port, site }: { dataDir: string; port: number; site: DemoSite },
): Settings | null {
  const reading = readSettings({
    env: {
      GATEHOUSE_LOG_LEVEL: 'warn',
      ...environment,
      GATEHOUSE_HOST: HOST,
      GATEHOUSE_PORT: String(port),
      GATEHOUSE_PUBLIC_URL: `http://localhost:${port}`,
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_GITHUB_API_URL: site.apiUrl,
      GATEHOUSE_GITHUB_APP_ID: String(site.app.id),
      GATEHOUSE_GITHUB_PRIVATE_KEY: site.app.privateKey,
      GATEHOUSE_GITHUB_WEBHOOK_SECRET: site.app.webhookSecret,
      GATEHOUSE_PUBLIC_DASHBOARD: 'true',
      // Everybody here is simulated: whoever runs the demo is the only author.
      GATEHOUSE_UNSANDBOXED_UNTRUSTED: 'true',
    },
    readFile: () => '',
  });
  if (reading.ok) return reading.settings;
  complain(renderSettingsProblems(reading.problems));
  return null;
}
