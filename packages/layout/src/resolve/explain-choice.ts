/** What was looked at when it was decided whether a job runs, for people who ask why. */
import type { ImpliedBranches, Layout } from '../definitions.ts';
import type { Pattern, SourcePlace } from '../layout.ts';
import { matchesAtStart } from '../patterns.ts';
import { applies } from './collect.ts';
import { patternText } from './files.ts';
import { resolveJob } from './names.ts';
import { settle } from './settle.ts';
import { isFor, isOnBranch, matchesBranch, type Subject } from './stanzas.ts';

/** Which pipeline of which repository on which branch. */
export interface ChoiceQuestion {
  readonly subject: Subject;
  readonly pipeline: string;
}

/** A part of the configuration that holds for the branch, or does not. */
export interface ConsideredPart {
  /** Of the job that it defines or lists; of a stanza, the repository or pattern it is for. */
  readonly name: string;
  readonly place: SourcePlace;
  readonly isApplied: boolean;
  /** The branches it is for, as written or as implied by where it stands; null: every branch. */
  readonly branches: readonly string[] | null;
}

/** The file that lets a job run although it filters files. */
export interface DecidingFile {
  readonly attribute: 'files' | 'irrelevant-files';
  readonly file: string;
  /** What it matches in `files`; null: it matches nothing in `irrelevant-files`. */
  readonly pattern: string | null;
}

/** Everything that could make a job: its definitions, its parents', and its uses in the project. */
export interface ExplainedChoice {
  readonly definitions: readonly ConsideredPart[];
  readonly uses: readonly ConsideredPart[];
  /** Null: it has no file filter, or no changed files are known, or none lets it run. */
  readonly decidingFile: DecidingFile | null;
}

/** What decided about one job that the project lists; null: it does not list it. */
export function explainChoice(
  layout: Layout,
  { subject, pipeline }: ChoiceQuestion,
  { job, changedFiles }: { readonly job: string; readonly changedFiles: readonly string[] | null },
): ExplainedChoice | null {
  const settled = settle(layout, subject, pipeline);
  const uses = settled?.list.jobs.get(job);
  const combined = settled?.jobs.get(job)?.combined;
  const place = combined?.kind === 'ok' ? combined.place : uses?.[0]?.place;
  if (uses === undefined || place === undefined) return null;
  const seen = new Set<string>();
  return {
    definitions: definitionsOf({ layout, subject, seen }, job, place),
    uses: uses.map((use) => ({
      name: job,
      place: use.place,
      isApplied: use.branches === null || matchesBranch(use.branches, subject),
      branches: branchesOf(use.branches),
    })),
    decidingFile: combined?.kind === 'ok' ? decidingFile(combined.job, changedFiles ?? []) : null,
  };
}

/** The project stanzas that give a repository this pipeline, those for other branches too. */
export function stanzasFor(
  layout: Layout,
  { subject, pipeline }: ChoiceQuestion,
): readonly ConsideredPart[] {
  return layout.projects.flatMap((project) => {
    const isOne =
      isFor(project, subject.repository) &&
      (project.pipelines.some((own) => own.pipeline === pipeline) || project.templates.length > 0);
    if (!isOne) return [];
    const { target, place, branches, impliedBranches } = project;
    return {
      name: 'repository' in target ? target.repository : target.pattern.source,
      place,
      isApplied: isOnBranch(project, subject),
      branches: branchesOf(branches ?? impliedBranches),
    };
  });
}

interface Walk {
  readonly layout: Layout;
  readonly subject: Subject;
  /** Names that were looked up already, with the repository where they stand. */
  readonly seen: Set<string>;
}

/** Parents before what inherits from them, as they are applied. */
function definitionsOf(walk: Walk, name: string, place: SourcePlace): readonly ConsideredPart[] {
  const { layout, subject, seen } = walk;
  const { repository: writtenIn } = place;
  const key = JSON.stringify([name, writtenIn]);
  if (seen.has(key)) return [];
  seen.add(key);
  const found = resolveJob(layout, { name, writtenIn, usedFor: subject.repository });
  if (found.kind !== 'found') return [];
  return found.definitions.flatMap((definition) => {
    const isApplied = applies(definition, subject);
    const { parent, isBase, branches, impliedBranches } = definition;
    const parents =
      isApplied && !isBase ? definitionsOf(walk, parent ?? 'base', definition.place) : [];
    const part = { name: definition.name, place: definition.place, isApplied };
    return [...parents, { ...part, branches: branchesOf(branches ?? impliedBranches) }];
  });
}

function branchesOf(branches: ImpliedBranches): readonly string[] | null {
  return typeof branches === 'string' ? [branches] : (branches?.map(patternText) ?? null);
}

interface Filters {
  readonly files: readonly Pattern[];
  readonly irrelevantFiles: readonly Pattern[];
}

function decidingFile(
  { files, irrelevantFiles }: Filters,
  changed: readonly string[],
): DecidingFile | null {
  for (const file of changed) {
    const pattern = files.find((one) => matchesAtStart(one, file));
    if (pattern === undefined) continue;
    return { attribute: 'files', file, pattern: patternText(pattern) };
  }
  if (files.length > 0 || irrelevantFiles.length === 0) return null;
  const file = changed.find((one) => !irrelevantFiles.some((two) => matchesAtStart(two, one)));
  return file === undefined ? null : { attribute: 'irrelevant-files', file, pattern: null };
}
