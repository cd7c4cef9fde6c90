/** `gatehouse lint`: what is wrong with configuration, before anybody's run fails on it. */
import { Command, Option } from 'commander';
import { type Findings, findProblems } from '../configuration/findings.ts';
import { asJson, asSarif, asWorkflowCommands } from '../configuration/machines.ts';
import { addTargetOptions, type GivenOptions, targetOptionsOf } from '../configuration/options.ts';
import { forPeople } from '../configuration/people.ts';
import { readTarget, type TargetDeps } from '../configuration/target.ts';
import { commandWords } from '../configuration/words.ts';
import { complain, say } from './print.ts';

const formats = ['text', 'json', 'sarif', 'github'] as const;
type Format = (typeof formats)[number];

/** No errors; errors; nothing could be looked at. */
export const exitCodes = { sound: 0, errors: 1, cannotLint: 2 } as const;

interface LintOptions extends GivenOptions {
  readonly format: Format;
  readonly strict?: boolean;
}

/** What is printed where, and the exit code. */
export interface LintOutput {
  readonly exitCode: (typeof exitCodes)[keyof typeof exitCodes];
  readonly result: string | null;
  readonly complaint: string | null;
}

/** The command. */
export function lintCommand(deps: TargetDeps, isColoured: () => boolean): Command {
  const command = new Command('lint')
    .description(commandWords.lint)
    .addOption(
      new Option('--format <format>', commandWords.format).choices(formats).default('text'),
    )
    .option('--strict', commandWords.strict)
    .action(async (target: string, options: LintOptions) => {
      const output = await lint({ ...deps, isColoured: isColoured() }, target, options);
      if (output.result !== null) say(output.result);
      if (output.complaint !== null) complain(output.complaint);
      process.exitCode = output.exitCode;
    });
  return addTargetOptions(command);
}

/** Looks at a target. */
export async function lint(
  deps: TargetDeps & { readonly isColoured: boolean },
  target: string,
  options: LintOptions,
): Promise<LintOutput> {
  const reading = await readTarget(deps, targetOptionsOf(target, options));
  if (!reading.ok) {
    return { exitCode: exitCodes.cannotLint, result: null, complaint: reading.complaint };
  }
  const findings = findProblems(reading.target, options.strict ?? false);
  const exitCode = findings.errors > 0 ? exitCodes.errors : exitCodes.sound;
  return { exitCode, result: render(findings, options.format, deps.isColoured), complaint: null };
}

function render(findings: Findings, format: Format, isColoured: boolean): string {
  switch (format) {
    case 'text':
      return forPeople(findings, isColoured);
    case 'json':
      return asJson(findings);
    case 'sarif':
      return asSarif(findings);
    case 'github':
      return asWorkflowCommands(findings);
  }
}
