/** The GitHub of the service's settings, for commands that only look. */
import { createLayouts } from '@gatehouse/engine';
import { createGitHub } from '@gatehouse/github';
import type { ResponseCache } from '@gatehouse/ports';
import {
  readSettingsFromProcess,
  renderSettingsProblems,
  type Settings,
} from '@gatehouse/settings';
import { createLog } from '@gatehouse/telemetry';
import { version } from '../version.ts';
import type { Host, HostOpening } from './host.ts';
import { complaints } from './words.ts';

/** GitHub as the settings of this process name it, or what is wrong with them. */
export async function openHost(): Promise<HostOpening> {
  const reading = readSettingsFromProcess();
  if (reading.ok) return { ok: true, host: hostOf(reading.settings) };
  const text = renderSettingsProblems(reading.problems);
  return { ok: false, complaint: complaints.needsSettings(text) };
}

/** GitHub with the App of some settings. */
export function hostOf(
  settings: Pick<Settings, 'githubApiUrl' | 'githubAppId' | 'githubPrivateKey'>,
): Host {
  const { githubApiUrl, githubAppId, githubPrivateKey } = settings;
  const clock = { now: () => Date.now() };
  const github = createGitHub(
    {
      apiUrl: githubApiUrl,
      appId: githubAppId,
      privateKey: githubPrivateKey,
      userAgent: `gatehouse/${version}`,
    },
    { cache: createMemory(), clock, log: silent },
  );
  const configuration = github;
  const layouts = createLayouts({
    configuration,
    clock,
    log: silent,
    noteStanding: nothing,
    noteMoved: nothing,
  });
  return { ...github, layouts };
}

/** A command is over before anything could be out of date. */
function createMemory(): ResponseCache {
  const known = new Map<string, string>();
  return {
    get: async (key) => known.get(key) ?? null,
    set: async (key, value) => {
      known.set(key, value);
    },
    delete: async (key) => {
      known.delete(key);
    },
  };
}

const nothing = (): void => undefined;
/** What goes wrong is told once, in the command's own words. */
const silent = createLog({ level: 'silent' });
