/** Configuration of a repository on GitHub, read with the App of the settings. */
import { createGitHub } from '@gatehouse/github';
import type { LayoutSource } from '@gatehouse/layout';
import { ownerOf, repositoryKey } from '@gatehouse/model';
import type { ConfigurationReader, Log, ResponseCache } from '@gatehouse/ports';
import { readSettingsFromProcess, renderSettingsProblems } from '@gatehouse/settings';
import { version } from '../version.ts';
import type { TargetReading } from './target.ts';
import { complaints } from './words.ts';

/** The default branch, whatever it is called. */
const defaultBranch = 'HEAD';

/** Reads `OWNER/NAME` at a ref (null: the default branch) with the settings of the service. */
export async function readRemote(name: string, ref: string | null): Promise<TargetReading> {
  const reading = readSettingsFromProcess();
  if (!reading.ok) return { ok: false, complaint: renderSettingsProblems(reading.problems) };
  const { githubApiUrl, githubAppId, githubPrivateKey } = reading.settings;
  const github = createGitHub(
    {
      apiUrl: githubApiUrl,
      appId: githubAppId,
      privateKey: githubPrivateKey,
      userAgent: `gatehouse/${version}`,
    },
    { cache: createMemory(), clock: { now: () => Date.now() }, log: silent },
  );
  try {
    return await readFrom(github, name, ref);
  } catch (error) {
    return { ok: false, complaint: error instanceof Error ? error.message : String(error) };
  }
}

/** The same with any reader of configuration. */
export async function readFrom(
  host: ConfigurationReader,
  name: string,
  ref: string | null,
): Promise<TargetReading> {
  const repository = repositoryKey(name);
  const owners = repositoryKey(`${ownerOf(repository)}/.gatehouse`);
  const isOwner = repository.toLowerCase() === owners.toLowerCase();
  const [own, owner] = await Promise.all([
    host.readConfiguration(repository, ref ?? defaultBranch),
    isOwner ? null : host.readConfiguration(owners, defaultBranch),
  ]);
  const asked = ref === null ? name : `${name}@${ref}`;
  if (own === null) return { ok: false, complaint: complaints.notVisible(asked) };
  const { files } = own;
  if (files.length === 0) return { ok: false, complaint: complaints.nothingFound(asked) };
  const role = isOwner ? 'owner' : 'repository';
  const source: LayoutSource = { repository, branch: null, role, files };
  const above: readonly LayoutSource[] =
    owner === null ? [] : [{ repository: owners, branch: null, role: 'owner', files: owner.files }];
  return { ok: true, target: { repository, sources: [...above, source], files, isNamed: true } };
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
const silent: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
  child: () => silent,
};
