/**
 * The environment of command jobs: what the configuration language promises (A2), a private home,
 * a few harmless variables of the host, and the job's own `vars`. It is built from nothing; what
 * the service itself was started with never gets in.
 */
import { delimiter } from 'node:path';
import type { Json, JsonObject } from '@gatehouse/model';
import type { Attempt } from '../attempt.ts';
import { VARIABLE_BYTES_MAX } from '../limits.ts';
import type { Workspace } from './workspace.ts';

/** Variables of the host that jobs get: where programs are, and how text and time are written. */
const HOST_VARIABLE = /^(?:PATH|LANG|LC_[A-Z]+|TZ)$/;
const PATH_DEFAULT = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Names that `vars` do not set, with the reason that the log gives. */
const denied: readonly { readonly name: RegExp; readonly reason: string }[] = [
  { name: /^GATEHOUSE_/, reason: 'names that begin with GATEHOUSE_ are the service’s own' },
  { name: /^PATH$/, reason: 'it decides which programs run' },
  { name: /^(?:LD|DYLD)_/, reason: 'it loads code into every program' },
  { name: /^(?:BASH_ENV|ENV)$/, reason: 'it runs a file before every script' },
  { name: /^NODE_OPTIONS$/, reason: 'it loads code into every Node program' },
  { name: /^(?:PERL5OPT|RUBYOPT|PYTHONSTARTUP)$/, reason: 'it loads code into an interpreter' },
  {
    name: /^(?:IFS|SHELLOPTS|BASHOPTS|PS4|BASH_XTRACEFD|PROMPT_COMMAND)$/,
    reason: 'it changes how the shell reads commands',
  },
  {
    name: /^(?:BASH_.*|FUNCNEST|POSIXLY_CORRECT|EUID|UID|PPID)$/,
    reason: 'it belongs to the shell',
  },
  { name: /^(?:HOME|TMPDIR|TERM|CI)$/, reason: 'every job has its own private one' },
];

/** An environment, and which `vars` are not in it and why. */
export interface JobEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/** The environment of one attempt in one workspace. */
export function buildEnvironment(
  attempt: Attempt,
  workspace: Workspace,
  hostEnvironment: Readonly<Record<string, string | undefined>>,
): JobEnvironment {
  const own = variablesOf(attempt.build.job.vars);
  const variables = {
    ...fromHost(hostEnvironment),
    ...own.variables,
    ...promised(attempt, workspace),
    HOME: workspace.home,
    TMPDIR: workspace.temporary,
    TERM: 'dumb',
    CI: 'true',
  };
  return { variables, leftOut: own.leftOut };
}

function fromHost(host: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const allowed = Object.entries(host).filter(
    (entry): entry is [string, string] => HOST_VARIABLE.test(entry[0]) && entry[1] !== undefined,
  );
  return { ...Object.fromEntries(allowed), PATH: searchPathOf(host.PATH) };
}

/**
 * Where programs are looked for, from the host's PATH. Only absolute folders count: a relative one
 * would find programs in the checkout.
 */
export function searchPathOf(hostPath: string | undefined): string {
  const folders = (hostPath ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  return folders.length === 0 ? PATH_DEFAULT : folders.join(delimiter);
}

/** Fields that a ref does not have are empty, so that `set -u` does not stop a script there. */
function promised({ item, build }: Attempt, workspace: Workspace): Record<string, string> {
  const { change, state } = item;
  const isProposed = change.kind === 'proposed';
  return {
    GATEHOUSE_PIPELINE: item.pipeline.name,
    GATEHOUSE_JOB: build.job.name,
    GATEHOUSE_BUILD_ID: build.id,
    GATEHOUSE_REPOSITORY: change.repository,
    GATEHOUSE_CHANGE: isProposed ? String(change.number) : '',
    GATEHOUSE_HEAD_SHA: change.headSha,
    GATEHOUSE_BASE_REF: isProposed ? change.baseRef : '',
    GATEHOUSE_REF: state?.ref ?? '',
    GATEHOUSE_SHA: state?.sha ?? change.headSha,
    GATEHOUSE_VARS_FILE: workspace.varsFile,
    GATEHOUSE_RETURN_FILE: workspace.returnFile,
  };
}

function variablesOf(vars: JsonObject): JobEnvironment {
  const variables: Record<string, string> = {};
  const leftOut: { name: string; reason: string }[] = [];
  for (const [name, value] of Object.entries(vars)) {
    // Lists and maps, and names that are no identifiers, are in the file of variables alone.
    const text = scalarText(value);
    if (text === null || !IDENTIFIER.test(name)) continue;
    const reason = whyDenied(name, text);
    if (reason === null) variables[name] = text;
    else leftOut.push({ name, reason });
  }
  return { variables, leftOut };
}

function scalarText(value: Json): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function whyDenied(name: string, text: string): string | null {
  if (text.includes('\0')) return 'its value has a zero byte';
  if (Buffer.byteLength(text) > VARIABLE_BYTES_MAX) return 'its value is too long';
  return denied.find((one) => one.name.test(name))?.reason ?? null;
}
