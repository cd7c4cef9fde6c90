/** The changed files of a pull request, with annotations under the lines that they speak of. */
import type { CheckRunView, PullRequestView } from '../read-model.ts';
import type { AnnotationRecord } from '../state/types.ts';
import { newestRuns } from './check-words.ts';
import { type DiffRow, diffRows, rowsAround } from './diff-rows.ts';
import { type Html, html } from './html.ts';
import { count, type Icon, icon } from './words.ts';

/** Longer patches are cut, so that a vendored file does not bury the page. */
const ROWS_MAX = 500;

type ChangedFile = PullRequestView['files'][number];

/** An annotation and the check that wrote it. */
interface Remark extends AnnotationRecord {
  readonly check: string;
}

/** All files of a change, and what checks remark on them. */
export type ChangeSubject = Pick<PullRequestView, 'files' | 'suites'>;

/** All files of a change. */
export function filesView(change: ChangeSubject): Html {
  const remarks = newestRuns(change.suites).flatMap((run) =>
    run.annotations.map((each) => ({ ...each, check: run.name })),
  );
  const shown = new Set(change.files.map((file) => file.path));
  const elsewhere = remarks.filter((remark) => !shown.has(remark.path));
  const sum = (pick: (file: ChangedFile) => number) =>
    change.files.reduce((total, file) => total + pick(file), 0);
  const added = sum((file) => file.additions);
  const removed = sum((file) => file.deletions);
  return html`<section class="files" aria-label="Files changed">
<p class="muted">${count(change.files.length, 'file')} changed with ${count(added, 'addition')}
and ${count(removed, 'deletion')}.</p>
${change.files.length === 0 && html`<p class="empty">No file differs from the base branch.</p>`}
${change.files.map((file) => fileView(file, remarks))}
${
  elsewhere.length > 0 &&
  html`<h2>Annotations on files that this change leaves alone</h2>${elsewhere.map(remarkView)}`
}
</section>`;
}

/** One annotation of a check run with the lines it speaks of, where the change shows them. */
export function annotationView(
  annotation: AnnotationRecord,
  run: Pick<CheckRunView, 'name'>,
  pull: PullRequestView | null,
): Html {
  const file = pull?.files.find((each) => each.path === annotation.path);
  const around = rowsAround(file?.patch == null ? [] : diffRows(file.patch), {
    from: annotation.start_line,
    to: annotation.end_line,
  });
  const remark = { ...annotation, check: run.name };
  const name =
    pull === null
      ? html`${annotation.path}`
      : html`<a href="/${pull.repository}/pull/${pull.number}/files#${anchorOf(annotation.path)}">${
          annotation.path
        }</a>`;
  return html`<article class="file" data-key="${annotation.path}:${annotation.start_line}">
<h3 class="file-head">${icon('file', 'muted')} <span class="path">${name}</span>
<span class="muted">${linesOf(annotation)}</span></h3>
${around.length > 0 ? tableOf(around, [remark], annotation.path) : remarkView(remark)}
</article>`;
}

/** Where a file stands on the page of files. */
export function anchorOf(path: string): string {
  return `file-${encodeURIComponent(path)}`;
}

function fileView(file: ChangedFile, remarks: readonly Remark[]): Html {
  const own = remarks.filter((remark) => remark.path === file.path);
  const rows = file.patch === null ? [] : diffRows(file.patch);
  const shown = rows.slice(0, ROWS_MAX);
  const lines = new Set(shown.map((row) => row.after));
  const loose = own.filter((remark) => !lines.has(remark.end_line));
  return html`<article class="file" id="${anchorOf(file.path)}" data-key="${file.path}">
<h3 class="file-head">${icon('file', 'muted')} <span class="path">${file.path}</span>
${file.status !== 'modified' && html`<span class="pill">${file.status}</span>`}
<span class="added">+${file.additions}</span> <span class="removed">−${file.deletions}</span></h3>
${loose.map((remark) => html`<div class="loose">${linesOf(remark)} ${remarkView(remark)}</div>`)}
${
  file.patch === null
    ? html`<p class="empty">Binary file, or nothing but its name or mode changed.</p>`
    : tableOf(shown, own, file.path)
}
${
  shown.length < rows.length && html`<p class="empty">${rows.length - shown.length} more lines.</p>`
}
</article>`;
}

function tableOf(rows: readonly DiffRow[], remarks: readonly Remark[], path: string): Html {
  const written = rows.map((row) => [
    rowView(row),
    remarks
      .filter((remark) => row.after !== null && remark.end_line === row.after)
      .map(
        (remark) => html`<tr class="remark-row"><td colspan="3">${remarkView(remark)}</td></tr>`,
      ),
  ]);
  return html`<div class="scroll diff-scroll" tabindex="0" role="region"
aria-label="Changes of ${path}"><table class="diff"><tbody>${written}</tbody></table></div>`;
}

const SIGNS = { added: '+', removed: '−', context: ' ', hunk: '' } as const;

function rowView(row: DiffRow): Html {
  if (row.kind === 'hunk') {
    return html`<tr class="row-hunk"><td class="line-number" colspan="2"></td><td
class="code">${row.text}</td></tr>`;
  }
  return html`<tr class="row-${row.kind}"><td class="line-number">${row.before}</td><td
class="line-number">${row.after}</td><td class="code"><span class="sign">${SIGNS[row.kind]}</span>${
    row.text
  }</td></tr>`;
}

function remarkView(remark: Remark): Html {
  const level = LEVELS[remark.annotation_level] ?? NOTICE;
  return html`<div class="remark remark-${level.tone}">
<p class="remark-head">${icon(level.icon, level.tone)} <strong>${
    remark.title ?? level.words
  }</strong> <span class="muted">${remark.check}</span></p>
<p class="remark-text">${remark.message}</p>
${
  remark.raw_details !== undefined &&
  html`<details><summary>Raw details</summary>
<pre class="plain">${remark.raw_details}</pre></details>`
}</div>`;
}

const NOTICE = { icon: 'dot', tone: 'muted', words: 'Notice' } as const;
const LEVELS: Readonly<Record<string, { icon: Icon; tone: string; words: string }>> = {
  failure: { icon: 'cross', tone: 'bad', words: 'Failure' },
  warning: { icon: 'alert', tone: 'attention', words: 'Warning' },
};

function linesOf({ start_line: from, end_line: to }: AnnotationRecord): string {
  return from === to ? `Line ${from}` : `Lines ${from}–${to}`;
}
