import { allowedFrom, plan } from '../plan.ts';
import {
  type Finding,
  findingAt,
  packageOf,
  type Room,
  type Rule,
  type Source,
  type Workspace,
} from '../workspace.ts';

const rule = 'arrow';

/** Imports between rooms follow the plan. */
export const arrowRule: Rule = {
  name: 'a room imports only the rooms that the plan allows it',
  check: (workspace) => workspace.sources.flatMap((source) => checkSource(source, workspace)),
};

function checkSource(source: Source, { packages }: Workspace): Finding[] {
  return source.imports.flatMap((imported) => {
    const target = packages.get(packageOf(imported.specifier) ?? '');
    if (target === undefined || target.folder === source.room) return [];
    if (allowedFrom(source.room, source.isTest).includes(target.folder)) return [];
    const message = forbidden({ from: source.room, to: target.folder, isTest: source.isTest });
    return [findingAt(source, imported.at, { rule, message })];
  });
}

/** Manifests declare the arrows that the sources use, and no others. */
export const manifestArrowRule: Rule = {
  name: 'a manifest declares exactly the rooms that its sources import',
  check: (workspace) =>
    [...workspace.rooms.values()].flatMap((room) => checkManifest(room, workspace)),
};

function checkManifest(room: Room, { packages, sources }: Workspace): Finding[] {
  const { dependencies = {}, devDependencies = {} } = room.manifest;
  const own = sources.filter((source) => source.room === room.folder);
  const problems = [
    ...Object.keys(dependencies).map((name) => ({ name, isDev: false })),
    ...Object.keys(devDependencies).map((name) => ({ name, isDev: true })),
  ].flatMap(({ name, isDev }) => {
    const target = packages.get(name);
    if (target === undefined) return [];
    if (target.folder === 'packages/testkit' && !isDev && room.folder !== 'tests') {
      return [`${name} is for tests: move it to devDependencies`];
    }
    if (!allowedFrom(room.folder, isDev).includes(target.folder)) {
      return [forbidden({ from: room.folder, to: target.folder, isTest: isDev })];
    }
    const isUsed = own.some((source) =>
      source.imports.some((imported) => packageOf(imported.specifier) === name),
    );
    return isUsed ? [] : [`nothing here imports ${name}: remove it from the manifest`];
  });
  const file = `${room.folder}/package.json`;
  return problems.map((message) => ({ file, line: 0, rule, message }));
}

/** What a file imports is declared by its own manifest. */
export const declaredRule: Rule = {
  name: 'a file imports only what the manifest of its room declares',
  check: (workspace) => workspace.sources.flatMap((source) => checkDeclared(source, workspace)),
};

/** Tools of the whole workspace, declared once in the root manifest. */
const rootTools = new Set(['vitest', 'vite']);

function checkDeclared(source: Source, { rooms }: Workspace): Finding[] {
  const room = rooms.get(source.room);
  const { name: self, dependencies = {}, devDependencies = {} } = room?.manifest ?? {};
  const isDevFile = source.isTest || /\.config\.ts$/.test(source.path) || isForTests(source);
  return source.imports.flatMap((imported) => {
    const name = packageOf(imported.specifier);
    if (name === undefined || name === self || name in dependencies) return [];
    if (isDevFile && (name in devDependencies || rootTools.has(name))) return [];
    const list = isDevFile ? 'devDependencies' : 'dependencies';
    const message = `${name} is not declared: add it to ${list} of ${source.room || 'the root'}/package.json`;
    return [findingAt(source, imported.at, { rule, message })];
  });
}

/** Files that never run in the service. */
function isForTests({ room, path }: Source): boolean {
  return room === 'packages/testkit' || room === 'tools' || /\/testing(\/|\.ts$)/.test(path);
}

function forbidden({ from, to, isTest }: { from: string; to: string; isTest: boolean }): string {
  const own = plan[from];
  const may = allowedFrom(from, isTest);
  const allowed =
    may.length === 0 ? 'it may import no other room' : `it may import ${may.join(', ')}`;
  return `${from} must not import ${to}: ${own?.why ?? 'it is not in the plan'}; ${allowed}. ${advice(from, to)}`;
}

function advice(from: string, to: string): string {
  const target = plan[to]?.kind;
  if (to === 'packages/testkit')
    return 'Only tests use the testkit: move this into a *.test.ts file.';
  if (to === 'packages/github-sim') return 'The simulator serves the demo and tests alone.';
  if (to === 'packages/settings') return 'Take the values you need as an argument.';
  if (target === 'adapter' || target === 'root') {
    return 'Describe what you need as an interface in packages/ports and have services/gatehouse hand it in.';
  }
  if (target === 'service')
    return 'Send it a message through the queue, or move what both share into a package.';
  if (plan[from]?.kind === 'core')
    return 'Take the value as an argument, or move the type down into packages/model.';
  return 'Move what is shared into a room that both may import, or argue for the arrow in tools/tidy/plan.ts.';
}
