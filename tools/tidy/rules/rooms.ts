import { plan } from '../plan.ts';
import type { Finding, Manifest, Room, Rule, Workspace } from '../workspace.ts';

/** What may stand at the root besides files. */
const rootFolders = new Set([
  '.changes',
  '.ci',
  '.github',
  'config',
  'deploy',
  'docs',
  'packages',
  'services',
  'tests',
  'tools',
]);

/** The house has the rooms of the plan, and something lives in each. */
export const roomRule: Rule = {
  name: 'every folder is a room of the plan, and something lives in it',
  check: ({ tree }) => {
    const files = [...tree.keys()];
    const rooms = new Set(
      files.map((file) => /^((?:packages|services)\/[^/]+)\//.exec(file)?.[1]).filter(isGiven),
    );
    return [...files.flatMap(checkPlace), ...[...rooms].flatMap((room) => checkRoom(room, files))];
  },
};

function isGiven(room: string | undefined): room is string {
  return room !== undefined;
}

function checkPlace(file: string): Finding[] {
  const [top = '', second = '', third] = file.split('/');
  if (second !== '' && !rootFolders.has(top) && !top.startsWith('.')) {
    return [finding(file, `there is no room "${top}" in the plan: put it into one that exists`)];
  }
  if (top !== 'packages' && top !== 'services') return [];
  if (third === undefined) return [finding(file, 'belongs to no room: move it into one')];
  const isSource = /\.(ts|tsx|mts|mjs|js)$/.test(file) && !/\.config\.ts$/.test(file);
  if (!isSource || third === 'src' || third === 'fixtures') return [];
  return [finding(file, 'sources live in src/, where they are type checked: move it there')];
}

function checkRoom(room: string, files: readonly string[]): Finding[] {
  if (!(room in plan)) {
    return [
      finding(
        room,
        'not in the plan: add it to tools/tidy/plan.ts with its arrows and the reason, or move its contents',
      ),
    ];
  }
  const needs = [
    { has: files.includes(`${room}/package.json`), message: 'has no package.json' },
    {
      has: files.includes(`${room}/README.md`),
      message: 'has no README.md: ten lines on what it is for, its door, its test command',
    },
    {
      has: files.some((file) => file.startsWith(`${room}/src/`) && !/\.test\.tsx?$/.test(file)),
      message: 'is empty: a room exists when something lives in it',
    },
  ];
  return needs.filter(({ has }) => !has).map(({ message }) => finding(room, message));
}

/** Manifests look alike, and versions come from the catalog. */
export const manifestRule: Rule = {
  name: 'manifests have one form and take versions from the catalog',
  check: (workspace) => [
    ...[...workspace.rooms.values()].flatMap((room) => checkManifest(room, workspace)),
    ...checkRootManifest(workspace),
  ],
};

function checkManifest({ folder, manifest }: Room, workspace: Workspace): Finding[] {
  const file = `${folder}/package.json`;
  const name = folder.split('/').at(-1) ?? '';
  const names = [`@gatehouse/${name}`, ...(folder === 'services/gatehouse' ? ['gatehouse'] : [])];
  const problems = [
    ...(names.includes(manifest.name ?? '') ? [] : [`its name must be ${names.join(' or ')}`]),
    ...(manifest.private === true ? [] : ['"private" must be true: nothing here is published']),
    ...(manifest.type === 'module' ? [] : ['"type" must be "module"']),
    ...strangeDoors(folder, manifest),
    ...strangeVersions(manifest, workspace),
  ];
  return problems.map((message) => finding(file, message));
}

function checkRootManifest(workspace: Workspace): Finding[] {
  const text = workspace.tree.get('package.json');
  if (text === undefined) return [];
  // As in readWorkspace: only optional keys are read.
  const manifest = JSON.parse(text) as Manifest;
  const runtime = Object.keys(manifest.dependencies ?? {}).map(
    (name) => `${name}: the root has no runtime dependencies; declare it where it is used`,
  );
  return [...runtime, ...strangeVersions(manifest, workspace)].map((message) =>
    finding('package.json', message),
  );
}

function strangeDoors(folder: string, { exports = {} }: Manifest): string[] {
  if (!folder.startsWith('packages/')) return [];
  return Object.entries(exports)
    .filter(([door, target]) => {
      const isMain = door === '.' && target === './src/index.ts';
      return !isMain && !(door === './testing' && target === './src/testing.ts');
    })
    .map(
      ([door]) =>
        `door "${door}": a package has "." (src/index.ts) and perhaps "./testing" (src/testing.ts)`,
    );
}

function strangeVersions(manifest: Manifest, { packages }: Workspace): string[] {
  const all = { ...manifest.dependencies, ...manifest.devDependencies };
  return Object.entries(all).flatMap(([name, version]) => {
    const expected = packages.has(name) ? 'workspace:*' : 'catalog:';
    if (version === expected) return [];
    return [`${name}: use "${expected}"; versions stand in pnpm-workspace.yaml`];
  });
}

function finding(file: string, message: string): Finding {
  return { file, line: 0, rule: 'room', message };
}
