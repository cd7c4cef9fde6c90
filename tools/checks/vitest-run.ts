import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Outcome } from './outcome.ts';
import type { Runner } from './runner.ts';

/** The part of vitest's JSON report that is used. */
export type Report = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
};

/**
 * Runs vitest and takes the numbers from its JSON report.
 *
 * @param args further arguments of `vitest run`: path filters, `-t`
 * @param mayBeEmpty whether a run without any test is content
 */
export async function runTests(
  runner: Runner,
  args: readonly string[],
  mayBeEmpty: boolean,
): Promise<Outcome> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-tests-'));
  const file = path.join(folder, 'report.json');
  try {
    const { code } = await runner.run(
      'Running tests with vitest',
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${file}`,
        ...(mayBeEmpty ? ['--passWithNoTests'] : []),
        ...args,
      ],
      (line) => !line.startsWith('JSON report written to'),
    );
    return tally(readReport(file), { code, mayBeEmpty });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Counts what a run proves. A file that could not be loaded counts as one failure, as does a run
 * that fails for a reason outside any test (an error that nobody awaited, a worker that died), and
 * a run without tests: none of these may look like success.
 *
 * @param report undefined when vitest wrote none
 */
export function tally(
  report: Report | undefined,
  { code, mayBeEmpty }: { code: number; mayBeEmpty: boolean },
): Outcome {
  if (report === undefined) {
    const content = code === 0 && mayBeEmpty;
    const summary = content ? 'no tests here' : `vitest ended with exit code ${code}, no report`;
    return { name: 'vitest', passed: 0, failed: content ? 0 : 1, summary };
  }
  const passed = report.numPassedTests;
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every(isNotFailed),
  ).length;
  const counted = report.numFailedTests + unloaded;
  const isEmpty = passed + counted === 0;
  const hasOtherFailure = counted === 0 && (code !== 0 || (isEmpty && !mayBeEmpty));
  const failed = counted + (hasOtherFailure ? 1 : 0);
  const skipped = report.numPendingTests + report.numTodoTests;
  const parts = [
    isEmpty ? 'no test ran' : `${passed} tests passed, ${report.numFailedTests} failed`,
    ...(unloaded > 0 ? [`${unloaded} files did not load or clean up`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(hasOtherFailure && !isEmpty ? ['an error outside the tests, see above'] : []),
  ];
  return { name: 'vitest', passed, failed, summary: parts.join(', ') };
}

function isNotFailed({ status }: { readonly status: string }): boolean {
  return status !== 'failed';
}

function readReport(file: string): Report | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined; // vitest ended before it could write one; its exit code tells the rest
  }
  // The shape is vitest's own, of the version in the lockfile.
  return JSON.parse(text) as Report;
}
