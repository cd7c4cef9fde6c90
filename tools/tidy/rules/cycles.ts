import { type Finding, packageOf, type Rule, type Workspace } from '../workspace.ts';
import { resolveRelative } from './doors.ts';

/**
 * No file imports itself over others. Types count: a cycle of types is erased when the code runs,
 * but the files still cannot be understood, moved or tested one at a time.
 */
export const cycleRule: Rule = {
  name: 'no file imports itself over others',
  check: (workspace) => findCycles(graphOf(workspace)),
};

type Graph = ReadonlyMap<string, readonly string[]>;

function graphOf({ sources, packages, tree }: Workspace): Graph {
  return new Map(
    sources.map((source) => [
      source.path,
      source.imports.flatMap(({ specifier }) => {
        if (specifier.startsWith('.')) return [resolveRelative(source, specifier)];
        const name = packageOf(specifier) ?? '';
        const target = packages.get(name);
        const door = target?.manifest.exports?.[`.${specifier.slice(name.length)}`];
        const file = target && door ? `${target.folder}/${door.replace(/^\.\//, '')}` : '';
        return tree.has(file) ? [file] : [];
      }),
    ]),
  );
}

/** Depth first; each cycle is reported once, at the file where it was entered. */
function findCycles(graph: Graph): Finding[] {
  const done = new Set<string>();
  const trail: string[] = [];
  const findings: Finding[] = [];
  const visit = (file: string): void => {
    if (done.has(file)) return;
    const start = trail.indexOf(file);
    if (start !== -1) {
      findings.push(cycleFinding([...trail.slice(start), file]));
      return;
    }
    trail.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    trail.pop();
    done.add(file);
  };
  for (const file of [...graph.keys()].sort()) visit(file);
  return findings;
}

function cycleFinding(cycle: readonly string[]): Finding {
  const message = `imports itself: ${cycle.join(' → ')}. Move what they share into a file that imports none of them`;
  return { file: cycle[0] ?? '', line: 0, rule: 'cycle', message };
}
