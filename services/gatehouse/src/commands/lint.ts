/** `gatehouse lint`: what is wrong with configuration, before anybody's run fails on it. */
import { Command, Option } from 'commander';
import type { LintOptions } from '../configuration/lint.ts';
import { addTargetOptions } from '../configuration/options.ts';
import type { TargetDeps } from '../configuration/target.ts';
import { commandWords, lintFormats } from '../configuration/words.ts';
import { print } from './print.ts';

/** The command. */
export function lintCommand(deps: TargetDeps, isColoured: () => boolean): Command {
  const command = new Command('lint')
    .summary(commandWords.lintSummary)
    .description(commandWords.lint)
    .addOption(
      new Option('--format <format>', commandWords.format).choices(lintFormats).default('text'),
    )
    .option('--strict', commandWords.strict)
    .action(async (target: string, options: LintOptions) => {
      const { lint } = await import('../configuration/lint.ts');
      print(await lint({ ...deps, isColoured: isColoured() }, target, options));
    });
  return addTargetOptions(command);
}
