/** What is wrong with the settings, and how the person who starts the service is told. */

/** One thing to put right. */
export interface SettingsProblem {
  /** The variable, the file key as written, or the file itself. */
  readonly setting: string;
  /** `the environment`, `gatehouse.yaml, line 3`, or null when it was given nowhere. */
  readonly source: string | null;
  readonly code:
    | 'missing'
    | 'invalid'
    | 'unknown'
    | 'conflict'
    | 'incomplete'
    | 'file-unreadable'
    | 'file-malformed';
  /** A clause about the setting, such as `must be a whole number`. Never a secret's value. */
  readonly message: string;
  /** What to do, as a sentence. */
  readonly remedy: string;
}

/** One message for the terminal, of a few lines per problem. */
export function renderSettingsProblems(problems: readonly SettingsProblem[]): string {
  const count = problems.length === 1 ? 'One setting needs' : `${problems.length} settings need`;
  return [
    `Gatehouse cannot start. ${count} attention:`,
    '',
    ...problems.flatMap((problem) => [
      `  ${problem.setting} (${problem.source ?? 'not set'}) ${problem.message}`,
      `      ${problem.remedy}`,
    ]),
    '',
    'config/gatehouse.example.yaml explains every setting.',
    '',
  ].join('\n');
}
