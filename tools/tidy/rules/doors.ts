import path from 'node:path';
import {
  type Finding,
  findingAt,
  packageOf,
  type Rule,
  type Source,
  type Workspace,
} from '../workspace.ts';

/** A package is entered by its doors alone. */
export const deepImportRule: Rule = {
  name: 'a package is imported by a door that its exports name',
  check: ({ sources, packages }) =>
    sources.flatMap((source) =>
      source.imports.flatMap((imported) => {
        const target = packages.get(packageOf(imported.specifier) ?? '');
        if (target === undefined) return [];
        const name = target.manifest.name ?? '';
        const door = `.${imported.specifier.slice(name.length)}`;
        const doors = Object.keys(target.manifest.exports ?? {});
        if (doors.includes(door)) return [];
        const message = `${imported.specifier} goes around the doors of ${name}: import from ${name} itself, and list the name in its src/index.ts`;
        return [findingAt(source, imported.at, { rule: 'deep-import', message })];
      }),
    ),
};

/** Relative imports stay in their room and name a file that exists. */
export const relativeImportRule: Rule = {
  name: 'a relative import stays in its package and names an existing file',
  check: ({ sources, tree }) =>
    sources.flatMap((source) =>
      source.imports.flatMap((imported) => {
        if (!imported.specifier.startsWith('.')) return [];
        const target = resolveRelative(source, imported.specifier);
        const message = relativeProblem(source, target, tree.has(target));
        if (message === undefined) return [];
        return [findingAt(source, imported.at, { rule: 'relative-import', message })];
      }),
    ),
};

/** The path that a relative specifier names, relative to the root. */
export function resolveRelative(source: Source, specifier: string): string {
  return path.posix.join(path.posix.dirname(source.path), specifier);
}

function relativeProblem(source: Source, target: string, exists: boolean): string | undefined {
  if (source.room !== '' && !target.startsWith(`${source.room}/`)) {
    return `${target} lies outside ${source.room}: import the package by its name`;
  }
  if (exists || /\.(json|css|lua|html)$/.test(target)) return undefined;
  return `${target} does not exist: name the file with its ending (.ts)`;
}

/** A door lists names; nothing else is a door. */
export const barrelRule: Rule = {
  name: 'a package has one door that lists names, and no barrels inside',
  check: ({ sources }) => sources.flatMap(checkBarrel),
};

const isDoor = (at: string): boolean =>
  /^(packages|services)\/[^/]+\/src\/(index|testing)\.ts$/.test(at);
const reExports = /\bexport\s+(?:type\s+)?\{[^}]*\}\s*from\s*(['"])\s*\1\s*;?/g;

function checkBarrel(source: Source): Finding[] {
  const at = source.path;
  if (!/^(packages|services)\//.test(at) || source.isTest) return [];
  const rest = source.scan.code.replace(reExports, (text) => text.replace(/[^\n]/g, ' '));
  const isList = rest.trim() === '' && source.imports.length > 0;
  if (at.endsWith('/src/index.ts') && !isList) {
    const message =
      'the door does more than list names: move what it does into a file of its own and export it from there';
    return [findingAt(source, Math.max(0, rest.search(/\S/)), { rule: 'barrel', message })];
  }
  if (isDoor(at)) return [];
  if (/(^|\/)index\.tsx?$/.test(at) || isList) {
    const message = 'a barrel inside a package: import the file that defines the thing';
    return [{ file: at, line: 0, rule: 'barrel', message }];
  }
  return [];
}

/** Names are exported one by one. */
export const exportRule: Rule = {
  name: 'names are exported one by one: no export *, no default export',
  check: ({ sources }: Workspace) =>
    sources.filter(({ path: at }) => !/\.config\.ts$/.test(at)).flatMap(checkExports),
};

function checkExports(source: Source): Finding[] {
  const bans = [
    {
      pattern: /(?<![\w$.])export\s*(?:type\s*)?\*/g,
      message: 'export * hides what a file offers: list the names',
    },
    {
      pattern: /(?<![\w$.])export\s+default\b|(?<![\w$.])export\s*\{[^}]*\bas\s+default\b/g,
      message: 'a default export has no name of its own: export it by name',
    },
  ];
  return bans.flatMap(({ pattern, message }) =>
    [...source.scan.code.matchAll(pattern)].map(({ index }) =>
      findingAt(source, index, { rule: 'export', message }),
    ),
  );
}
