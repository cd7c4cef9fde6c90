import { type Finding, findingAt, isTestSupport, type Rule, type Source } from '../workspace.ts';
import { resolveRelative } from './doors.ts';
import { all } from './language.ts';

/** Tests use the real parts. */
export const mockRule: Rule = {
  name: 'no test replaces a module',
  check: ({ sources }) =>
    sources.flatMap((source) =>
      all(source, /\bvi\s*\.\s*(?:do)?[mM]ock\s*\(/g, {
        rule: 'mock',
        message:
          'vi.mock replaces a module behind its back: hand in a fake port from packages/testkit',
      }),
    ),
};

/** What helps tests may do what tests may, so the product must not come to rest on it. */
export const supportRule: Rule = {
  name: 'only tests and the testing door import what helps tests',
  check: ({ sources }) =>
    sources
      .filter(({ isTest, path }) => !isTest && !path.endsWith('/src/testing.ts'))
      .flatMap((source) =>
        source.imports
          .filter(({ specifier }) => specifier.startsWith('.'))
          .filter(({ specifier }) => isTestSupport(resolveRelative(source, specifier)))
          .map(({ at }) =>
            findingAt(source, at, {
              rule: 'test-support',
              message: 'this helps tests alone: move what the product needs out of that folder',
            }),
          ),
      ),
};

/** Every test runs, every time. */
export const focusRule: Rule = {
  name: 'no test is focused, skipped or left for later',
  check: ({ sources }) =>
    sources
      .filter(({ isTest }) => isTest)
      .flatMap((source) =>
        all(
          source,
          /\b(?:it|test|describe|suite|bench)(?:\s*\.\s*\w+)*\s*\.\s*(?:only|skip|todo)\b/g,
          {
            rule: 'focus',
            message: 'every test runs every time: delete the test or make it pass',
          },
        ),
      ),
};

/** Tests wait for what happens, not for time to pass. */
export const sleepRule: Rule = {
  name: 'no test sleeps',
  check: ({ sources }) => sources.filter(({ isTest }) => isTest).flatMap(findSleeps),
};

const message =
  'a sleep is too short on a busy machine and too long on any other: wait for the event, poll with vi.waitFor, or move the fake clock';

/**
 * A timer that only resumes the test is a sleep; one that ends a wait by failing it is a bound, and
 * welcome. They differ in what is called: `resolve` or `done`, or a function that does more.
 */
function findSleeps(source: Source): Finding[] {
  const timers = [...source.scan.code.matchAll(/\bsetTimeout\s*\(\s*/g)]
    .filter(({ 0: call, index }) => resumes(source.scan.code.slice(index + call.length)))
    .map(({ index }) => index);
  const imported = source.imports
    .filter(({ specifier }) => specifier === 'node:timers/promises')
    .filter(({ clause }) => /\bsetTimeout\b|\*|\bscheduler\b/.test(clause))
    .map(({ at }) => at);
  const waits = [...source.scan.code.matchAll(/\bAtomics\s*\.\s*wait\s*\(/g)].map((m) => m.index);
  return [...timers, ...imported, ...waits].map((at) =>
    findingAt(source, at, { rule: 'sleep', message }),
  );
}

function resumes(args: string): boolean {
  const isBareName = /^[A-Za-z_$][\w$]*\s*[,)]/.test(args);
  const isCallOfResolve =
    /^\(\s*\)\s*=>\s*\{?\s*(?:resolve|resolved?|done|next|ok|res|r)\s*\(/.test(args);
  return isBareName || isCallOfResolve;
}
