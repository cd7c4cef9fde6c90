import { type Finding, findingAt, type Rule, type Source } from '../workspace.ts';

/** The environment is read in one place, where every variable has a name, a type and a default. */
export const environmentRule: Rule = {
  name: 'process.env is read by packages/settings alone',
  check: ({ sources }) => {
    const uses = sources.filter(isWatched).flatMap(usesOf);
    const root = uses.filter(({ file }) => file.startsWith('services/gatehouse/'));
    return uses.filter((use) => use !== root[0]);
  },
};

function isWatched({ room, isTest }: Source): boolean {
  const exempt = ['', 'packages/settings', 'packages/testkit', 'tests', 'tools'];
  return !isTest && !exempt.includes(room);
}

function usesOf(source: Source): Finding[] {
  const { code } = source.scan;
  const patterns = [
    /(?<![\w$.])process\s*(?:\?\.|\.)\s*env\b/g,
    /(?<![\w$.])process\s*\[/g,
    /\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/g,
  ];
  const fromCode = patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((m) => m.index));
  const imported = source.imports
    .filter(({ specifier, clause }) => specifier === 'node:process' && /\benv\b/.test(clause))
    .map(({ at }) => at);
  const message =
    source.room === 'services/gatehouse'
      ? 'process.env a second time: the composition root hands it to packages/settings once'
      : 'process.env outside packages/settings: take the value as an argument, from Settings';
  return [...fromCode, ...imported]
    .sort((a, b) => a - b)
    .map((at) => findingAt(source, at, { rule: 'environment', message }));
}
