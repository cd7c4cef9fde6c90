/** `gatehouse show-layout`: what configuration resolves to, and where each value stands. */
import { Command, Option } from 'commander';
import { addTargetOptions } from '../configuration/options.ts';
import type { ShowLayoutOptions } from '../configuration/show-layout.ts';
import type { TargetDeps } from '../configuration/target.ts';
import { commandWords, layoutFormats } from '../configuration/words.ts';
import { complain, say } from './print.ts';

/** Exit code when there is nothing to show. */
const EXIT_NOTHING = 2;

/** The command. */
export function showLayoutCommand(deps: TargetDeps): Command {
  const command = new Command('show-layout')
    .summary(commandWords.showLayoutSummary)
    .description(commandWords.showLayout)
    .addOption(
      new Option('--format <format>', commandWords.format).choices(layoutFormats).default('text'),
    )
    .action(async (target: string, options: ShowLayoutOptions) => {
      const { showLayout } = await import('../configuration/show-layout.ts');
      const output = await showLayout(deps, target, options);
      if (output.ok) {
        say(output.result);
      } else {
        complain(output.complaint);
        process.exitCode = EXIT_NOTHING;
      }
    });
  const { target } = commandWords;
  return addTargetOptions(command, { target, branch: commandWords.branchOfChanges });
}
