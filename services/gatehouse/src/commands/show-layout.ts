/** `gatehouse show-layout`: what configuration resolves to, and where each value stands. */
import { Command, Option } from 'commander';
import { layoutText } from '../configuration/layout-text.ts';
import { addTargetOptions, type GivenOptions, targetOptionsOf } from '../configuration/options.ts';
import { type ResolvedLayout, resolveLayout } from '../configuration/resolved.ts';
import { readTarget, type TargetDeps } from '../configuration/target.ts';
import { commandWords } from '../configuration/words.ts';
import { complain, say } from './print.ts';

const formats = ['text', 'json'] as const;

interface ShowLayoutOptions extends GivenOptions {
  readonly format: (typeof formats)[number];
}

/** What is printed on stdout, or why there is nothing. */
export type LayoutOutput =
  | { readonly ok: true; readonly result: string }
  | { readonly ok: false; readonly complaint: string };

/** Exit code when there is nothing to show. */
const EXIT_NOTHING = 2;

/** The command. */
export function showLayoutCommand(deps: TargetDeps): Command {
  const command = new Command('show-layout')
    .description(commandWords.showLayout)
    .addOption(
      new Option('--format <format>', commandWords.format).choices(formats).default('text'),
    )
    .action(async (target: string, options: ShowLayoutOptions) => {
      const output = await showLayout(deps, target, options);
      if (output.ok) {
        say(output.result);
      } else {
        complain(output.complaint);
        process.exitCode = EXIT_NOTHING;
      }
    });
  return addTargetOptions(command);
}

/** The resolved layout of a target. */
export async function showLayout(
  deps: TargetDeps,
  target: string,
  options: ShowLayoutOptions,
): Promise<LayoutOutput> {
  const reading = await readTarget(deps, {
    ...targetOptionsOf(target, options),
    hasShortPaths: true,
  });
  if (!reading.ok) return reading;
  const layout = resolveLayout(reading.target, options.branch ?? null);
  return { ok: true, result: options.format === 'json' ? asJson(layout) : layoutText(layout) };
}

/** Snake case, as on every wire. */
function asJson({ repository, branch, errors, pipelines }: ResolvedLayout): string {
  const listed = pipelines.map(({ definedAt, takesPart, jobs, ...pipeline }) => ({
    ...pipeline,
    defined_at: definedAt,
    takes_part: takesPart,
    jobs: jobs.map(({ listedAt, definedAt: madeOf, ...job }) => ({
      ...job,
      listed_at: listedAt,
      defined_at: madeOf,
    })),
  }));
  return JSON.stringify({ repository, branch, errors, pipelines: listed }, null, 2);
}
