/**
 * From environment and settings file to {@link Settings}, or to every problem at once. The
 * environment wins over the file. A variable that is set but empty counts as not given, because
 * that is what compose files make of an absent one.
 */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { findPrivateKey } from './find-private-key.ts';
import { nearest } from './nearest.ts';
import type { SettingsProblem } from './problems.ts';
import { quote, systemCode } from './quote.ts';
import {
  admittedVariables,
  type SettingDescription,
  type SettingValues,
  type SettingVariable,
  settingsSchema,
  settingTable,
  VARIABLE_PREFIX,
} from './setting-table.ts';
import type { Settings } from './settings.ts';
import { type RawSetting, type RawSettings, readSettingsFile } from './settings-file.ts';

/** What settings are read from. */
export interface SettingsSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gives a file's text. @throws when it cannot be read. */
  readonly readFile: (path: string) => string;
  /** Where relative paths start; without it, where the process was started. */
  readonly workingDirectory?: string;
  /** The default of the runner's concurrency, at least 1; without it, this machine's cores. */
  readonly cores?: number;
}

/** Settings, or everything that is wrong with them. */
export type SettingsReading =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly SettingsProblem[] };

const ENVIRONMENT = 'the environment';

/** Reads, checks and completes the settings. Never throws. */
export function readSettings(sources: SettingsSources): SettingsReading {
  const file = openFile(sources);
  const raw = mergeSources(sources, file.values);
  const problems = [...file.problems, ...findUnknownVariables(sources), ...findMissing(raw)];
  const parsed = settingsSchema.safeParse(
    Object.fromEntries([...raw].map(([variable, { value }]) => [variable, value])),
  );
  for (const issue of parsed.error?.issues ?? []) {
    const setting = settingTable.find((candidate) => candidate.variable === issue.path[0]);
    const given = setting && raw.get(setting.variable);
    if (setting && given) problems.push(invalid(setting, given, issue.message));
  }
  const readKeyFile = (path: string) =>
    sources.readFile(resolve(sources.workingDirectory ?? '', path));
  const privateKey = findPrivateKey(raw, readKeyFile);
  if (!privateKey.ok) problems.push(privateKey.problem);
  problems.push(...findIncomplete(raw));
  if (problems.length > 0 || !parsed.success || !privateKey.ok) return { ok: false, problems };
  return { ok: true, settings: assemble(sources, parsed.data, privateKey.pem) };
}

/** The settings file that the environment names, or nothing. */
export function openFile(sources: SettingsSources): ReturnType<typeof readSettingsFile> {
  const path = sources.env.GATEHOUSE_CONFIG?.trim() ?? '';
  if (path === '') return { values: new Map(), problems: [] };
  try {
    const text = sources.readFile(resolve(sources.workingDirectory ?? '', path));
    return readSettingsFile(path, text);
  } catch (error) {
    const problem: SettingsProblem = {
      setting: 'GATEHOUSE_CONFIG',
      source: ENVIRONMENT,
      code: 'file-unreadable',
      message: `names the file ${quote(path)}, which cannot be read${systemCode(error)}.`,
      remedy: 'Put the settings file there, or remove the variable.',
    };
    return { values: new Map(), problems: [problem] };
  }
}

/** What is given, the environment before the file. */
export function mergeSources(sources: SettingsSources, fileValues: RawSettings): RawSettings {
  const raw = new Map(fileValues);
  for (const { variable } of settingTable) {
    const value = sources.env[variable];
    if (value !== undefined && value !== '') raw.set(variable, { value, source: ENVIRONMENT });
  }
  dropOverruledKey(raw);
  return raw;
}

/** The key has two variables: what the environment gives wins over the file's other form too. */
function dropOverruledKey(raw: Map<SettingVariable, RawSetting>): void {
  const text = raw.get('GATEHOUSE_GITHUB_PRIVATE_KEY');
  const file = raw.get('GATEHOUSE_GITHUB_PRIVATE_KEY_FILE');
  if (text === undefined || file === undefined) return;
  if (text.source === ENVIRONMENT && file.source !== ENVIRONMENT) {
    raw.delete('GATEHOUSE_GITHUB_PRIVATE_KEY_FILE');
  }
  if (file.source === ENVIRONMENT && text.source !== ENVIRONMENT) {
    raw.delete('GATEHOUSE_GITHUB_PRIVATE_KEY');
  }
}

function findUnknownVariables(sources: SettingsSources): SettingsProblem[] {
  const known = [...settingTable.map((setting) => setting.variable), ...admittedVariables];
  return Object.keys(sources.env)
    .filter((name) => name.startsWith(VARIABLE_PREFIX) && !known.includes(name))
    .sort()
    .map((name) => {
      const meant = nearest(name.slice(VARIABLE_PREFIX.length), known.map(withoutPrefix));
      return {
        setting: name,
        source: ENVIRONMENT,
        code: 'unknown',
        message: 'is not a setting.',
        remedy: meant === null ? 'Unset it.' : `Did you mean ${VARIABLE_PREFIX}${meant}?`,
      };
    });
}

function withoutPrefix(variable: string): string {
  return variable.slice(VARIABLE_PREFIX.length);
}

function findMissing(raw: RawSettings): SettingsProblem[] {
  return settingTable
    .filter((setting) => setting.isRequired && !raw.has(setting.variable))
    .map((setting) => ({
      setting: setting.variable,
      source: null,
      code: 'missing',
      message: `is required. ${setting.description}`,
      remedy: `Set it in the environment, or as ${setting.fileKey} in the settings file.`,
    }));
}

/** The problem of a value that does not fit its setting. @param message what it must be */
export function invalid(
  setting: SettingDescription,
  given: RawSetting,
  message: string,
): SettingsProblem {
  const seen =
    setting.isSecret || typeof given.value === 'object' ? '' : `, not ${quote(given.value)}`;
  return {
    setting: setting.variable,
    source: given.source,
    code: 'invalid',
    message: `${message}${seen}.`,
    remedy: `Write for example: ${setting.example}`,
  };
}

function findIncomplete(raw: RawSettings): SettingsProblem[] {
  const id = raw.get('GATEHOUSE_OAUTH_CLIENT_ID');
  const secret = raw.get('GATEHOUSE_OAUTH_CLIENT_SECRET');
  if ((id === undefined) === (secret === undefined)) return [];
  const [given, other] = id
    ? ['GATEHOUSE_OAUTH_CLIENT_ID', 'GATEHOUSE_OAUTH_CLIENT_SECRET']
    : ['GATEHOUSE_OAUTH_CLIENT_SECRET', 'GATEHOUSE_OAUTH_CLIENT_ID'];
  return [
    {
      setting: other,
      source: null,
      code: 'incomplete',
      message: `is required because ${given} is given.`,
      remedy: 'Set both for signing in with GitHub, or neither.',
    },
  ];
}

function assemble(sources: SettingsSources, values: SettingValues, pem: string): Settings {
  const clientId = values.GATEHOUSE_OAUTH_CLIENT_ID;
  const clientSecret = values.GATEHOUSE_OAUTH_CLIENT_SECRET;
  return {
    host: values.GATEHOUSE_HOST,
    port: values.GATEHOUSE_PORT,
    publicUrl: values.GATEHOUSE_PUBLIC_URL ?? `http://localhost:${values.GATEHOUSE_PORT}`,
    isPublicUrlDefault: values.GATEHOUSE_PUBLIC_URL === undefined,
    redisUrl: values.GATEHOUSE_REDIS_URL ?? null,
    dataDir: resolve(sources.workingDirectory ?? '', values.GATEHOUSE_DATA_DIR),
    githubApiUrl: values.GATEHOUSE_GITHUB_API_URL,
    githubAppId: values.GATEHOUSE_GITHUB_APP_ID,
    githubPrivateKey: pem,
    githubWebhookSecret: values.GATEHOUSE_GITHUB_WEBHOOK_SECRET,
    adminToken: values.GATEHOUSE_ADMIN_TOKEN ?? null,
    httpAllow: values.GATEHOUSE_HTTP_ALLOW,
    isDashboardPublic: values.GATEHOUSE_PUBLIC_DASHBOARD,
    oauth: clientId && clientSecret ? { clientId, clientSecret } : null,
    secretsKey: values.GATEHOUSE_SECRETS_KEY ?? null,
    runsUntrustedUnsandboxed: values.GATEHOUSE_UNSANDBOXED_UNTRUSTED,
    runnerLabels: values.GATEHOUSE_RUNNER_LABELS,
    runnerConcurrency:
      values.GATEHOUSE_RUNNER_CONCURRENCY ?? sources.cores ?? availableParallelism(),
    logLevel: values.GATEHOUSE_LOG_LEVEL,
    roles: values.GATEHOUSE_ROLES,
  };
}
