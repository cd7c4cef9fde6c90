/** Showing a layout: a target in, a text out. */
import { layoutText } from './layout-text.ts';
import { type GivenOptions, targetOptionsOf } from './options.ts';
import { type ResolvedLayout, resolveLayout } from './resolved.ts';
import { readTarget, type TargetDeps } from './target.ts';
import type { layoutFormats } from './words.ts';

/** As the command line gives them. */
export interface ShowLayoutOptions extends GivenOptions {
  readonly format: (typeof layoutFormats)[number];
}

/** What is printed on stdout, or why there is nothing. */
export type LayoutOutput =
  | { readonly ok: true; readonly result: string }
  | { readonly ok: false; readonly complaint: string };

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
  const layout = resolveLayout(reading.target);
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
