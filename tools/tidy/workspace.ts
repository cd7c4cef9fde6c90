import { type Import, importsOf } from './imports.ts';
import { lineAt, type Scan, scan } from './scan.ts';
import type { Tree } from './tree.ts';

/** What a rule found wrong. */
export type Finding = {
  readonly file: string;
  /** 1-based; 0 when the whole file or folder is meant. */
  readonly line: number;
  readonly rule: string;
  /** What is wrong and what to do instead. */
  readonly message: string;
};

/** One rule of the house, checked over the whole tree. */
export type Rule = {
  readonly name: string;
  readonly check: (workspace: Workspace) => readonly Finding[];
};

/** One source file with what the rules ask about it. */
export type Source = {
  readonly path: string;
  readonly text: string;
  readonly scan: Scan;
  readonly imports: readonly Import[];
  /** The room's folder; empty for files at the root. */
  readonly room: string;
  /** A test, or a file that only tests import. */
  readonly isTest: boolean;
};

/** The part of a package.json that the rules read. */
export type Manifest = {
  readonly name?: string;
  readonly private?: boolean;
  readonly type?: string;
  readonly license?: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
};

/** A folder of the workspace that has a package.json. */
export type Room = { readonly folder: string; readonly manifest: Manifest };

/** The tree, read once for all rules. */
export type Workspace = {
  readonly tree: Tree;
  readonly sources: readonly Source[];
  /** By folder. */
  readonly rooms: ReadonlyMap<string, Room>;
  /** By package name. */
  readonly packages: ReadonlyMap<string, Room>;
};

/** Prepares a tree for the rules. */
export function readWorkspace(tree: Tree): Workspace {
  const rooms = new Map<string, Room>();
  for (const [path, text] of tree) {
    const folder = /^((?:packages|services)\/[^/]+|tests|tools)\/package\.json$/.exec(path)?.[1];
    if (folder !== undefined) rooms.set(folder, { folder, manifest: parseManifest(text) });
  }
  const packages = new Map<string, Room>();
  for (const room of rooms.values()) {
    if (room.manifest.name !== undefined) packages.set(room.manifest.name, room);
  }
  const sources = [...tree]
    .filter(([path]) => /\.(ts|tsx|mts|mjs)$/.test(path) && !path.includes('/fixtures/'))
    .map(([path, text]) => readSource(path, text));
  return { tree, sources, rooms, packages };
}

/** The room a path belongs to; empty when it stands at the root. */
export function roomOf(path: string): string {
  return /^((?:packages|services)\/[^/]+|tests|tools|config|deploy|docs)\//.exec(path)?.[1] ?? '';
}

/** Whether a file helps the tests of its room: it lies in a folder `test` or `testing`. */
export function isTestSupport(path: string): boolean {
  return /^(packages|services)\/[^/]+\/src\/(.+\/)?(test|testing)\//.test(path);
}

/** The package an import names, without what follows; undefined for relative and built-in ones. */
export function packageOf(specifier: string): string | undefined {
  if (/^(\.|\/|node:|#)/.test(specifier)) return undefined;
  return /^(@[^/]+\/[^/]+|[^/]+)/.exec(specifier)?.[1];
}

/** A finding at an offset of a source file. */
export function findingAt(source: Source, at: number, { rule, message }: Problem): Finding {
  return { file: source.path, line: lineAt(source.text, at), rule, message };
}

type Problem = { readonly rule: string; readonly message: string };

function readSource(path: string, text: string): Source {
  const scanned = scan(text);
  const isTest = /\.test\.tsx?$/.test(path) || path.startsWith('tests/') || isTestSupport(path);
  return { path, text, scan: scanned, imports: importsOf(scanned), room: roomOf(path), isTest };
}

function parseManifest(text: string): Manifest {
  // Only optional keys are read, and a manifest that is not JSON already fails the install.
  return JSON.parse(text) as Manifest;
}
