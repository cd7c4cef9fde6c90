/**
 * The commands of the repository root, and what each becomes once everything is set up.
 *
 * `stepsTo`: where set-up progress is printed. A service's stdout is its log, one JSON object per
 * line, so `start` keeps progress out of it.
 *
 * @type {Record<string, { script: string, args: string[], stepsTo: 'stdout' | 'stderr',
 *   missing: string }>}
 */
export const commands = {
  demo: {
    script: 'services/gatehouse/src/cli.ts',
    args: ['demo'],
    stepsTo: 'stdout',
    missing: 'this working copy is incomplete: check it out again',
  },
  start: {
    script: 'services/gatehouse/src/cli.ts',
    args: ['serve'],
    stepsTo: 'stderr',
    missing: 'this working copy is incomplete: check it out again',
  },
  test: {
    script: 'tools/test.ts',
    args: [],
    stepsTo: 'stdout',
    missing: 'this working copy is incomplete: check it out again',
  },
  bench: {
    script: 'tools/bench/main.ts',
    args: [],
    stepsTo: 'stdout',
    missing: 'this version of Gatehouse brings no benchmarks; use one that does',
  },
  check: {
    script: 'tools/check.ts',
    args: [],
    stepsTo: 'stdout',
    missing: 'this working copy is incomplete: check it out again',
  },
};
