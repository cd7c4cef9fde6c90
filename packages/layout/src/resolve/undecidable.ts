/**
 * Expressions that cannot be run here and on which it depends whether a stanza or template is for a
 * repository and branch. What it lists is not known to be meant, nor to be not meant, so that running
 * the rest alone would prove nothing.
 */
import type { ConfigurationProblem } from '@gatehouse/model';
import type { ImpliedBranches, Layout, ProjectDefinition } from '../definitions.ts';
import type { SourcePlace } from '../layout.ts';
import { isUsable } from '../patterns.ts';
import { problemAt } from '../problems.ts';
import { wording } from '../wording/wording.ts';
import { isFor, isOnBranch, type Subject, templatesOf, undecidedBy } from './stanzas.ts';

/** A problem for each stanza and template of which it cannot be said whether it counts. */
export function undecidableStanzas(
  layout: Layout,
  subject: Subject,
): readonly ConfigurationProblem[] {
  if (!hasUnusable(layout)) return [];
  return layout.projects.flatMap((project) => ofStanza(layout, project, subject));
}

// A pure function of the layout; nearly always false, and then nothing is looked at again.
const known = new WeakMap<Layout, boolean>();

function hasUnusable(layout: Layout): boolean {
  const earlier = known.get(layout);
  if (earlier !== undefined) return earlier;
  const isAny =
    layout.projects.some(
      ({ target, branches }) =>
        ('pattern' in target && !isUsable(target.pattern)) ||
        branches?.some((pattern) => !isUsable(pattern)) === true,
    ) ||
    layout.templates.some(
      ({ impliedBranches }) =>
        Array.isArray(impliedBranches) && impliedBranches.some((pattern) => !isUsable(pattern)),
    );
  known.set(layout, isAny);
  return isAny;
}

function ofStanza(
  layout: Layout,
  project: ProjectDefinition,
  subject: Subject,
): readonly ConfigurationProblem[] {
  const { target, place, branches } = project;
  if ('pattern' in target && !isUsable(target.pattern)) {
    return [problem(target.pattern.source, 'a `project`', place)];
  }
  if (!isFor(project, subject.repository)) return [];
  const undecided = branches === null ? null : undecidedBy(branches, subject);
  if (undecided !== null) return [problem(undecided.source, 'a `project`', place)];
  if (!isOnBranch(project, subject)) return [];
  return templatesOf(layout, project, subject.repository).flatMap((template) => {
    const by = impliedUndecidedBy(template.impliedBranches, subject);
    return by === null ? [] : [problem(by, `the template \`${template.name}\``, template.place)];
  });
}

/** The expression without which it cannot be said whether implied branches hold; null: it can. */
export function impliedUndecidedBy(implied: ImpliedBranches, subject: Subject): string | null {
  if (implied === null || typeof implied === 'string' || subject.branch === null) return null;
  return undecidedBy(implied, subject)?.source ?? null;
}

function problem(source: string, what: string, place: SourcePlace): ConfigurationProblem {
  return problemAt(wording.needsLookAround(source, what), place);
}
