/** What a command is to look at: files on this machine, or a repository on GitHub. */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, normalize, relative, resolve } from 'node:path';
import { type LayoutSource, loadLayout } from '@gatehouse/layout';
import { branchOfWorkingCopy, repositoryOfWorkingCopy } from './git-remote.ts';
import { type Host, type HostOpening, type PullReading, readPull, readRepository } from './host.ts';
import { type FoundFile, findFiles, readText } from './local-files.ts';
import type { TargetReading } from './target-shape.ts';
import { complaints } from './words.ts';

/** What to look at and how to take it. */
export interface TargetOptions {
  readonly target: string;
  readonly repository?: string | undefined;
  /** Directory of the owner's configuration repository. */
  readonly owner?: string | undefined;
  readonly isOwner?: boolean | undefined;
  readonly branch?: string | undefined;
  /** True: paths are those inside the repository; else they begin as the target is written. */
  readonly hasShortPaths?: boolean | undefined;
  /** True: on GitHub, a repository without configuration of its own will do. */
  readonly mayBeEmpty?: boolean | undefined;
}

/** What reading a target works with. */
export interface TargetDeps {
  /** Absolute path of the directory that relative paths start from. */
  readonly workingDirectory: string;
  /** Opens GitHub; called only for what is not on this machine. */
  readonly openHost: () => Promise<HostOpening>;
}

/** A pull request as people write it. */
export interface PullName {
  readonly name: string;
  readonly number: number;
}

const PULL = /^([A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+)#([1-9]\d{0,9})$/;
const REPOSITORY = /^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/;
/** Name of the repository that configures all of its owner's. */
const ownerRepository = '.gatehouse';
/** Stands for a repository of which nothing but its files is known. */
const unknownOwner = 'local';
/** Codes of node:fs for a path that leads nowhere. */
const absent = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'];

/** Finds what `options.target` names. A path that exists wins over a repository of that name. */
export async function readTarget(deps: TargetDeps, options: TargetOptions): Promise<TargetReading> {
  const { repository, target } = options;
  if (repository !== undefined && !REPOSITORY.test(repository)) {
    return { ok: false, complaint: complaints.badRepository(repository) };
  }
  const path = resolve(deps.workingDirectory, target);
  const found = await lookAt(path);
  if (found instanceof Error) {
    return { ok: false, complaint: complaints.unreadable(target, found.message) };
  }
  if (found !== null) return readLocal(deps, options, { path, isDirectory: found.isDirectory() });
  if (pullNamed(target) !== null) return { ok: false, complaint: complaints.noPull(target) };
  const [name = '', ...rest] = target.split('@');
  if (!REPOSITORY.test(name)) return { ok: false, complaint: complaints.noSuchTarget(target) };
  if (options.repository ?? options.owner ?? options.isOwner) {
    return { ok: false, complaint: complaints.onlyLocal };
  }
  const ref = rest.length === 0 ? null : rest.join('@');
  const { branch = null, mayBeEmpty = false } = options;
  return onHost(deps, (host) => readRepository(host, { name, ref, branch, mayBeEmpty }));
}

/** Null: there is nothing of that name. An error: there is, and it cannot be looked at. */
async function lookAt(path: string): Promise<Stats | Error | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return absent.includes(String(error.code)) ? null : error;
  }
}

/** The pull request that `OWNER/NAME#NUMBER` names; null: it names none. */
export function pullNamed(target: string): PullName | null {
  const [, name, number] = PULL.exec(target) ?? [];
  return name === undefined ? null : { name, number: Number(number) };
}

/** A pull request with the configuration that decides about it. */
export function readPullTarget(deps: TargetDeps, { name, number }: PullName): Promise<PullReading> {
  return onHost(deps, (host) => readPull(host, name, number));
}

type Complaint = { readonly ok: false; readonly complaint: string };

/** What GitHub refuses, or a key that is none, is told in one sentence. */
async function onHost<T>(
  { openHost }: TargetDeps,
  ask: (host: Host) => Promise<T>,
): Promise<T | Complaint> {
  try {
    const opening = await openHost();
    return opening.ok ? await ask(opening.host) : opening;
  } catch (error) {
    return { ok: false, complaint: complaints.refused(error) };
  }
}

interface Place {
  readonly path: string;
  readonly isDirectory: boolean;
}

async function readLocal(
  deps: TargetDeps,
  options: TargetOptions,
  { path, isDirectory }: Place,
): Promise<TargetReading> {
  const { target } = options;
  const shownTarget = shownAs(deps.workingDirectory, target);
  const shown = options.hasShortPaths === true ? '' : shownTarget;
  try {
    const files = isDirectory ? await findFiles(path, shown) : [await readText(path, shownTarget)];
    if (files.length === 0) return { ok: false, complaint: complaints.nothingFound(target) };
    const directory = isDirectory ? path : dirname(path);
    const name = options.repository ?? (await repositoryOf(directory, files));
    const repository = name ?? `${unknownOwner}/${basename(directory) || 'repository'}`;
    const isOwner = options.isOwner ?? repository.toLowerCase().endsWith(`/${ownerRepository}`);
    const role = isOwner ? 'owner' : 'repository';
    const branch = options.branch ?? (await branchOfWorkingCopy(directory));
    const own: LayoutSource = { repository, branch: options.branch ?? null, role, files };
    const above = isOwner ? [] : await ownerSources(deps, options, repository);
    if (above === null) {
      return { ok: false, complaint: complaints.nothingFound(options.owner ?? '') };
    }
    const isNamed = name !== null;
    const sources = [...above, own];
    const ownerCommand =
      above.length === 0 ? null : `gatehouse lint ${options.owner ?? ''} --as-owner`;
    return { ok: true, target: { repository, branch, sources, files, ownerCommand, isNamed } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, complaint: complaints.unreadable(target, reason) };
  }
}

/** Programs take paths from where they run: what lies below is named from there. */
function shownAs(workingDirectory: string, target: string): string {
  if (!isAbsolute(target)) return normalize(target);
  const path = relative(workingDirectory, target);
  return path.startsWith('..') || isAbsolute(path) ? target : path;
}

/** As the remote has it, or else as the stanzas do when all of them name the same. */
async function repositoryOf(
  directory: string,
  files: readonly FoundFile[],
): Promise<string | null> {
  const name = await repositoryOfWorkingCopy(directory);
  if (name !== null) return name;
  const repository = `${unknownOwner}/${unknownOwner}`;
  const { layout } = loadLayout([{ repository, branch: null, role: 'owner', files }]);
  const named = layout.projects.flatMap(({ target }) =>
    'repository' in target && target.repository !== repository ? [target.repository] : [],
  );
  const [only, ...others] = [...new Set(named)];
  return only !== undefined && others.length === 0 && REPOSITORY.test(only) ? only : null;
}

/** Null: the directory that was named has no configuration. */
async function ownerSources(
  { workingDirectory }: TargetDeps,
  options: TargetOptions,
  repository: string,
): Promise<readonly LayoutSource[] | null> {
  if (options.owner === undefined) return [];
  const directory = resolve(workingDirectory, options.owner);
  const files = await findFiles(directory, options.owner);
  if (files.length === 0) return null;
  const name = `${repository.split('/')[0] ?? unknownOwner}/${ownerRepository}`;
  return [{ repository: name, branch: null, role: 'owner', files }];
}
