/**
 * What the product stands on: every package that its manifests name as a dependency, and what those
 * bring along, as installed. Packages for one platform alone are left out, so that the list is the
 * same on every machine.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

/** One package of somebody else. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** As the package says it, mostly an SPDX expression; `unknown` when it says nothing. */
  readonly licence: string;
  /** Rooms that name it themselves; empty for what only comes along. */
  readonly usedBy: readonly string[];
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string | { readonly type?: string };
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Rooms that never run in production: what they need is not shipped. */
const testRooms = new Set(['packages/testkit']);

/** By name, then version. @param root of the workspace, with its packages installed */
export function installedPackages(root: string): readonly InstalledPackage[] {
  const found = new Map<string, InstalledPackage & { usedBy: string[] }>();

  function visit(folder: string, usedBy: string | null): void {
    const manifest = readManifest(folder);
    if (manifest.os !== undefined || manifest.cpu !== undefined) return;
    const key = `${manifest.name}@${manifest.version}`;
    const known = found.get(key);
    if (known !== undefined) {
      if (usedBy !== null) known.usedBy.push(usedBy);
      return;
    }
    found.set(key, {
      name: manifest.name ?? '',
      version: manifest.version ?? '',
      licence: licenceOf(manifest),
      usedBy: usedBy === null ? [] : [usedBy],
    });
    for (const name of dependenciesOf(manifest)) {
      const next = resolveFrom(folder, name);
      if (next !== null) visit(next, null);
    }
  }

  for (const room of roomsOf(root)) {
    if (testRooms.has(room)) continue;
    const folder = path.join(root, room);
    const { dependencies = {} } = readManifest(folder);
    for (const [name, version] of Object.entries(dependencies)) {
      if (version.startsWith('workspace:')) continue;
      const next = resolveFrom(folder, name);
      if (next === null) throw new Error(`${name} is not installed for ${room}: run pnpm install`);
      visit(next, room);
    }
  }
  return [...found.values()].sort(
    (a, b) => compare(a.name, b.name) || compare(a.version, b.version),
  );
}

function roomsOf(root: string): readonly string[] {
  return ['packages', 'services']
    .flatMap((parent) => readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((room) => existsSync(path.join(root, room, 'package.json')))
    .sort();
}

function dependenciesOf(manifest: Manifest): readonly string[] {
  const { dependencies, optionalDependencies, peerDependencies } = manifest;
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
}

/** As Node.js looks for it; null: not installed, as optional ones may be. */
function resolveFrom(folder: string, name: string): string | null {
  let at = folder;
  for (;;) {
    const candidate = path.join(at, 'node_modules', name);
    if (existsSync(path.join(candidate, 'package.json'))) return realpathSync(candidate);
    const parent = path.dirname(at);
    if (parent === at) return null;
    at = parent;
  }
}

function readManifest(folder: string): Manifest {
  // Only optional keys are read.
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
}

function licenceOf({ license }: Manifest): string {
  const said = typeof license === 'object' ? license.type : license;
  return said ?? 'unknown';
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
