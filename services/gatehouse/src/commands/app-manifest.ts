/**
 * `gatehouse app-manifest`: what GitHub needs to register the App in one step, from the settings or
 * from options. It asks for no App: there is none yet.
 */
import { readFileSync } from 'node:fs';
import { type AddressesReading, readAddresses, renderSettingsProblems } from '@gatehouse/settings';
import { Command } from 'commander';
import { APP_NAME_LENGTH_MAX, appManifest, registrationUrl } from '../github-app/manifest.ts';
import { renderManifestPage } from '../github-app/manifest-page.ts';
import {
  commandWords,
  complaints,
  jsonHint,
  manifestWords,
  pageHint,
} from '../github-app/words.ts';
import { complain, say } from './print.ts';

/** Variables that the settings are read from. */
type Environment = Readonly<Record<string, string | undefined>>;

interface AppManifestOptions {
  readonly url?: string;
  readonly org?: string;
  readonly name?: string;
  readonly minimal?: boolean;
  readonly html?: boolean;
}

/** What is printed: the result on stdout, what to do with it on stderr. */
export type ManifestOutput =
  | { readonly ok: true; readonly result: string; readonly hint: string }
  | { readonly ok: false; readonly complaint: string };

/** As GitHub takes names of organisations. */
const ORGANISATION = /^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$/;
const ORGANISATION_LENGTH_MAX = 39;
const ONE_LINE = /^[^\p{Cc}]+$/u;

/** The command. @param environment of the process; the settings file is found through it */
export function appManifestCommand(environment: Environment): Command {
  return new Command('app-manifest')
    .summary(commandWords.summary)
    .description(commandWords.description)
    .option('--url <address>', commandWords.url)
    .option('--org <organisation>', commandWords.org)
    .option('--name <name>', commandWords.name)
    .option('--minimal', commandWords.minimal)
    .option('--html', commandWords.html)
    .action((options: AppManifestOptions) => {
      const output = manifestOutput(options, environment);
      if (output.ok) {
        say(output.result);
        complain(output.hint);
      } else {
        complain(output.complaint);
        process.exitCode = 1;
      }
    });
}

/** What the command prints for these options, or the one thing that is wrong with them. */
export function manifestOutput(
  options: AppManifestOptions,
  environment: Environment,
): ManifestOutput {
  const { org = null, minimal: isMinimal = false, html: isPage = false } = options;
  if (org !== null && !(ORGANISATION.test(org) && org.length <= ORGANISATION_LENGTH_MAX)) {
    return { ok: false, complaint: complaints.badOrg };
  }
  const given = options.name?.trim();
  const name = given ?? manifestWords.nameFor(org).slice(0, APP_NAME_LENGTH_MAX).trimEnd();
  if (!ONE_LINE.test(name) || name.length > APP_NAME_LENGTH_MAX) {
    return { ok: false, complaint: complaints.badName(APP_NAME_LENGTH_MAX) };
  }
  const addresses = findAddresses(options.url, environment);
  if (!addresses.ok) return addresses;
  const { publicUrl, githubApiUrl } = addresses;
  const manifest = appManifest({ publicUrl, name, isMinimal });
  const registration = registrationUrl(githubApiUrl, org);
  if (isPage) {
    const result = renderManifestPage({ manifest, registration, apiUrl: githubApiUrl });
    return { ok: true, result, hint: pageHint(registration) };
  }
  return { ok: true, result: JSON.stringify(manifest, null, 2), hint: jsonHint(registration) };
}

type Addresses =
  | { readonly ok: true; readonly publicUrl: string; readonly githubApiUrl: string }
  | { readonly ok: false; readonly complaint: string };

function findAddresses(url: string | undefined, environment: Environment): Addresses {
  const env = url === undefined ? environment : { ...environment, GATEHOUSE_PUBLIC_URL: url };
  // Given and empty is a slip, though an empty variable counts as none.
  if (url?.trim() === '') return { ok: false, complaint: complaints.badUrl };
  const reading = readAddresses({ env, readFile: (path) => readFileSync(path, 'utf8') });
  if (!reading.ok) return { ok: false, complaint: problemText(reading.problems, url) };
  const { publicUrl, githubApiUrl } = reading;
  if (publicUrl === null) return { ok: false, complaint: complaints.noUrl };
  if (isLocal(publicUrl)) return { ok: false, complaint: complaints.localUrl(publicUrl) };
  return { ok: true, publicUrl, githubApiUrl };
}

/** A problem with what the option gave is told in the option's words. */
function problemText(
  problems: Extract<AddressesReading, { ok: false }>['problems'],
  url: string | undefined,
): string {
  const isOption = problems.every(({ setting }) => setting === 'GATEHOUSE_PUBLIC_URL');
  return url !== undefined && isOption ? complaints.badUrl : renderSettingsProblems(problems);
}

/** An address that no other machine can have in mind. */
function isLocal(url: string): boolean {
  const { hostname } = new URL(url);
  return /^(?:localhost|.*\.localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\])$/.test(hostname);
}
