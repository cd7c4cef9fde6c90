/** Linting: a target in, a text and an exit code out. */
import { type Findings, findProblems, isFaulty } from './findings.ts';
import { asJson, asSarif, asWorkflowCommands } from './machines.ts';
import { type GivenOptions, targetOptionsOf } from './options.ts';
import { forPeople } from './people.ts';
import { readTarget, type TargetDeps } from './target.ts';
import type { lintFormats } from './words.ts';

type Format = (typeof lintFormats)[number];

/** No errors; errors; nothing could be looked at. */
export const exitCodes = { sound: 0, errors: 1, cannotLint: 2 } as const;

/** As the command line gives them. */
export interface LintOptions extends GivenOptions {
  readonly format: Format;
  readonly strict?: boolean;
}

/** What is printed where, and the exit code. */
export interface LintOutput {
  readonly exitCode: (typeof exitCodes)[keyof typeof exitCodes];
  readonly result: string | null;
  readonly complaint: string | null;
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
  const exitCode = isFaulty(findings) ? exitCodes.errors : exitCodes.sound;
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
