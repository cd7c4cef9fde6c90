/** From an item to everything its check run shows. Pure. */
import type { CheckAction } from '@gatehouse/layout';
import { branchOf, type ConfigurationProblem } from '@gatehouse/model';
import type { Item } from '@gatehouse/pipeline';
import type { CheckAnnotation, CheckRunContent } from '@gatehouse/ports';
import { actionTexts, problemText, runSummary, runTitle, selectionText } from '../text.ts';
import { clip, startOf } from './markdown.ts';
import { conclusionOf, endReport, showsCheckRun } from './phase.ts';

/** Prefix of every check run's name and commit status's context. */
export const SHOWN_PREFIX = 'gatehouse/';
/**
 * Source: https://docs.github.com/rest/checks/runs — summary and text, in characters; counted in
 * bytes here, which is never more.
 */
const OUTPUT_BYTES_MAX = 65_535;
/** Source: the same page, which counts 64 KB for the message of an annotation. */
const MESSAGE_BYTES_MAX = 64 * 1024;
/** Source: the same page. */
const ACTIONS_MAX = 3;

/** Null: the pipeline shows no check run. */
export function renderRun(item: Item, publicUrl: string): CheckRunContent | null {
  if (!showsCheckRun(item.pipeline)) return null;
  const summary = clip(runSummary(item, publicUrl), OUTPUT_BYTES_MAX);
  const text = selectionText(item);
  // A project that debugs has it in the summary already, unless it is too long for that.
  const isTold = text === null || summary.includes(text);
  return {
    name: `${SHOWN_PREFIX}${item.pipeline.name}`,
    headSha: item.change.headSha,
    buildset: item.buildset,
    detailsUrl: `${publicUrl}/buildsets/${item.buildset}`,
    status: statusOf(item),
    conclusion: item.verdict === null ? null : conclusionOf(item.pipeline, item.verdict.outcome),
    startedAt: item.startedAt ?? item.enqueuedAt,
    completedAt: item.verdict === null ? null : item.completedAt,
    title: runTitle(item),
    summary,
    text: isTold ? null : clip(text, OUTPUT_BYTES_MAX),
    annotations: annotationsOf(item),
    actions: actionsOf(item).slice(0, ACTIONS_MAX),
  };
}

function statusOf(item: Item): CheckRunContent['status'] {
  if (item.verdict !== null) return 'completed';
  return item.phase === 'running' ? 'in_progress' : 'queued';
}

function actionsOf(item: Item): readonly CheckAction[] {
  const { pipeline, verdict } = item;
  if (verdict === null) {
    const configured = pipeline.reports.start?.checkActions ?? null;
    return configured ?? [actionTexts.abort, actionTexts.rerun];
  }
  if (verdict.outcome === 'action-required') return [actionTexts.approve];
  const configured = endReport(pipeline, verdict.outcome)?.checkActions ?? null;
  if (configured !== null) return configured;
  return ['success', 'skipped', 'misconfigured'].includes(verdict.outcome)
    ? []
    : [actionTexts.rerun];
}

/**
 * Configuration errors stand on the lines that cause them. A file of the same name on another branch
 * is another file, which the change does not show.
 */
function annotationsOf(item: Item): readonly CheckAnnotation[] {
  const isHere = (branch: string | null) => branch === null || branch === branchOf(item.change);
  return item.problems
    .filter(({ repository, branch }) => repository === item.change.repository && isHere(branch))
    .slice(0, item.pipeline.annotationsMax)
    .map(annotationOf);
}

function annotationOf(problem: ConfigurationProblem): CheckAnnotation {
  const { range, path, level } = problem;
  const startLine = range?.startLine ?? 1;
  const endLine = Math.max(startLine, range?.endLine ?? startLine);
  // GitHub takes columns only where both lines are the same.
  const isOneLine = range !== null && startLine === endLine;
  return {
    path,
    startLine,
    endLine,
    startColumn: isOneLine ? range.startColumn : null,
    endColumn: isOneLine ? Math.max(range.startColumn, range.endColumn - 1) : null,
    level: level === 'error' ? 'failure' : 'warning',
    title: null,
    message: startOf(problemText(problem), MESSAGE_BYTES_MAX),
  };
}
