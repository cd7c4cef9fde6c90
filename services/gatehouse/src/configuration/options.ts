/** The argument and options that the commands about configuration share. */
import type { Command } from 'commander';
import type { TargetOptions } from './target.ts';
import { commandWords } from './words.ts';

/** As commander hands them over. */
export interface GivenOptions {
  readonly repository?: string;
  readonly owner?: string;
  readonly asOwner?: boolean;
  readonly branch?: string;
}

/** Exit code of a command that was not understood or has nothing to look at. */
const cannotLook = 2;

/** Help where a command means more by an option than the others do. */
interface Meanings {
  readonly target: string;
  readonly branch: string;
}

/** Adds what every one of these commands takes. */
export function addTargetOptions(command: Command, meanings: Meanings = commandWords): Command {
  return command
    .argument('[target]', meanings.target, '.')
    .option('--repository <name>', commandWords.repository)
    .option('--owner <directory>', commandWords.owner)
    .option('--as-owner', commandWords.asOwner)
    .option('--branch <branch>', meanings.branch)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : cannotLook));
}

/** In the words of {@link TargetOptions}. */
export function targetOptionsOf(target: string, options: GivenOptions): TargetOptions {
  const { repository, owner, asOwner, branch } = options;
  return { target, repository, owner, isOwner: asOwner, branch };
}
