/** `gatehouse explain`: why each job runs, or does not. */
import { Command, Option } from 'commander';
import type { ExplainOptions } from '../configuration/explain.ts';
import { explainFormats, explainHelp } from '../configuration/explain-words.ts';
import { addTargetOptions } from '../configuration/options.ts';
import type { TargetDeps } from '../configuration/target.ts';
import { commandWords } from '../configuration/words.ts';
import { print } from './print.ts';

/** The command. */
export function explainCommand(deps: TargetDeps): Command {
  const command = new Command('explain')
    .summary(explainHelp.summary)
    .description(explainHelp.description)
    .option('--pipeline <name>', explainHelp.pipeline)
    .option('--job <name>', explainHelp.job)
    .option('--files <paths>', explainHelp.files, (paths, all: string[] = []) => [...all, paths])
    .addOption(
      new Option('--format <format>', commandWords.format).choices(explainFormats).default('text'),
    )
    .action(async (target: string, options: ExplainOptions) => {
      const { explain } = await import('../configuration/explain.ts');
      print(await explain(deps, target, options));
    });
  const { target } = explainHelp;
  return addTargetOptions(command, { target, branch: commandWords.branchOfChanges });
}
