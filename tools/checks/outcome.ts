/** What one check found. */
export type Outcome = {
  readonly name: string;
  /** Tests that passed; 0 for a check that is not made of tests. */
  readonly passed: number;
  /** Failures: failed tests, or files with findings. 0 exactly when the check is content. */
  readonly failed: number;
  /** One line for the summary. */
  readonly summary: string;
};

/**
 * The end of every run: one line per check, then `N passed, N failed` alone on the last line.
 *
 * @param outcomes in the order in which the checks ran
 */
export function renderSummary(outcomes: readonly Outcome[]): string {
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  const lines = outcomes.map(({ name, failed, summary }) => {
    return `  ${failed === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(width)}  ${summary}`;
  });
  const passed = sum(outcomes.map((outcome) => outcome.passed));
  const failed = sum(outcomes.map((outcome) => outcome.failed));
  return ['', 'Summary', ...lines, '', `${passed} passed, ${failed} failed`, ''].join('\n');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
