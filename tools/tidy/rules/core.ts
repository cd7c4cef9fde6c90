import { plan } from '../plan.ts';
import { type Finding, findingAt, packageOf, type Rule, type Source } from '../workspace.ts';

/**
 * The functional core neither reads a clock nor draws a number nor waits: that is what lets a test
 * replay any schedule and get the same answer twice.
 */
export const coreRule: Rule = {
  name: 'the core has no clock, randomness, environment, I/O or waiting',
  check: ({ sources }) =>
    sources
      .filter((source) => plan[source.room]?.kind === 'core' && !source.isTest)
      .flatMap((source) => [...checkWords(source), ...checkImports(source)]),
};

type Ban = { readonly words: string; readonly instead: string };

const bans: readonly Ban[] = [
  { words: 'Date|performance|Temporal', instead: 'take the time from event.at, or as an argument' },
  { words: 'crypto', instead: 'derive ids from what they name, or take them as arguments' },
  { words: 'process|globalThis', instead: 'take the value as an argument' },
  {
    words: 'setTimeout|setInterval|setImmediate|queueMicrotask',
    instead: 'return an effect that sets a timer; it comes back as an event',
  },
  { words: 'fetch', instead: 'have the shell fetch it and put it into the event' },
  { words: 'async|await', instead: 'the core is synchronous: facts come with the event' },
  { words: 'console', instead: 'return reasons; the shell logs them' },
];

function checkWords(source: Source): Finding[] {
  const { code } = source.scan;
  const words = bans.flatMap(({ words: alternatives, instead }) =>
    [...code.matchAll(new RegExp(`(?<![\\w$.])(?:${alternatives})(?![\\w$])`, 'g'))]
      .filter(({ 0: word, index }) => !isKey(code, index, word))
      .map(({ 0: word, index }) => finding(source, index, `${word} in the core: ${instead}`)),
  );
  const random = [...code.matchAll(/\bMath\s*\.\s*random\b/g)].map(({ index }) =>
    finding(source, index, 'Math.random in the core: take the number as an argument'),
  );
  return [...words, ...random];
}

/** Whether the word only names a member: `{ process: … }`, `fetch?: …`, `async(): void;`. */
function isKey(code: string, at: number, word: string): boolean {
  const before = code.slice(0, at).trimEnd();
  const after = code.slice(at + word.length);
  return /([{,;(]|\breadonly)$/.test(before) && /^\s*\??\s*:/.test(after);
}

function checkImports(source: Source): Finding[] {
  const libraries = plan[source.room]?.libraries ?? [];
  return source.imports.flatMap(({ specifier, at }) => {
    if (specifier.startsWith('node:')) {
      return [finding(source, at, `${specifier} in the core: move what needs it into the shell`)];
    }
    const name = packageOf(specifier);
    if (name === undefined || name.startsWith('@gatehouse/') || libraries.includes(name)) return [];
    const message = `${name} in the core: ${source.room} uses ${libraries.join(', ') || 'no library'}; a further one needs its reason in tools/tidy/plan.ts`;
    return [finding(source, at, message)];
  });
}

function finding(source: Source, at: number, message: string): Finding {
  return findingAt(source, at, { rule: 'core', message });
}
