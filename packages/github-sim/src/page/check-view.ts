/** The checks of a pull request or a commit: a list, and one check run in full. */
import type { CheckRunView, PullRequestView } from '../read-model.ts';
import { checkIcon, checkTime, lookOf, newestRuns } from './check-words.ts';
import { checkButtons, checkPath } from './checks-box.ts';
import { annotationView } from './files-view.ts';
import { buttonForm } from './forms.ts';
import { type Frame, refusalFor } from './frame.ts';
import { type Html, html, webAddress } from './html.ts';
import { markdown } from './markdown.ts';
import { ago, avatar, count, icon, shortSha } from './words.ts';

/** What the page of one check shows. */
export interface CheckSubject {
  readonly run: CheckRunView;
  /** Every check of the commit, for the list beside it. */
  readonly suites: PullRequestView['suites'];
  /** The pull request whose head it is; null for a push, a tag or an old head. */
  readonly pull: PullRequestView | null;
}

/** One check run with the others beside it. */
export function checkView(frame: Frame, subject: CheckSubject): Html {
  const { run, suites } = subject;
  const isOld = !newestRuns(suites).some((each) => each.id === run.id);
  return html`<div class="columns columns-check">
<nav class="check-list" aria-label="Checks">${suites.map((suite) =>
    suiteList(frame, suite, run),
  )}</nav>
<article class="check-page" aria-label="${run.name}">
${
  isOld &&
  html`<p class="flash">An older run.
<a href="${newestPath(frame, subject)}">Show the newest</a></p>`
}
${headOf(frame, run)}
${outputOf(run)}
${annotationsOf(subject)}
${furtherOf(run)}
</article></div>`;
}

/** What stands there when a commit has no checks. */
export function noChecksView(sha: string): Html {
  return html`<div class="empty"><h2>No checks yet</h2>
<p>An App that is installed on this repository reports its checks on <code>${shortSha(sha)}</code>
as soon as it hears of it. This page shows them without a reload.</p></div>`;
}

function newestPath(frame: Frame, { run, suites }: CheckSubject): string {
  const newest = newestRuns(suites).find((each) => each.name === run.name) ?? run;
  return checkPath(frame.repository?.repository ?? '', newest);
}

function suiteList(frame: Frame, suite: PullRequestView['suites'][number], current: CheckRunView) {
  if (suite.runs.length === 0) return null;
  const rows = newestRuns([suite]).map(
    (run) =>
      html`<li><a href="${checkPath(frame.repository?.repository ?? '', run)}"${
        run.name === current.name && html` aria-current="page"`
      }>${checkIcon(run)} <span>${run.name}</span></a></li>`,
  );
  return html`<section data-key="suite-${suite.id}">
<h2>${avatar(suite.app)} ${suite.app}</h2><ul class="plain-list">${rows}</ul></section>`;
}

function headOf(frame: Frame, run: CheckRunView): Html {
  const look = lookOf(run);
  const repository = frame.repository?.repository ?? '';
  const rerun = buttonForm(
    {
      call: 'rerun-check-run',
      input: { repository, checkRun: run.id, user: frame.viewer.login },
      done: `Asked for ${run.name} to run again`,
    },
    { label: 'Re-run', refusal: refusalFor(frame.viewer, 'write'), isSmall: true },
  );
  return html`<header class="check-head edge-${look.tone}">
<div class="check-title-row"><h2>${checkIcon(run)} ${run.name}</h2>
<div class="check-actions">${checkButtons(frame, run)}${
    run.status === 'completed' && rerun
  }</div></div>
<p class="muted">${checkTime(run, frame.nowMs)}${
    run.startedAt !== null && html` · started ${ago(run.startedAt, frame.nowMs)}`
  } · on <code>${shortSha(run.headSha)}</code></p>
</header>`;
}

function outputOf(run: CheckRunView): Html {
  const summary = markdown(run.summary);
  const text = markdown(run.text);
  return html`<section class="check-output">
${run.title !== null && html`<h3 class="output-title">${run.title}</h3>`}
${summary ?? (text === null && html`<p class="muted">Nothing to read here yet.</p>`)}
${text}
</section>`;
}

function annotationsOf({ run, pull }: CheckSubject): Html | null {
  if (run.annotations.length === 0) return null;
  return html`<section class="annotations" aria-label="Annotations">
<h3>${count(run.annotations.length, 'annotation')}</h3>
${run.annotations.map((annotation) => annotationView(annotation, run, pull))}
</section>`;
}

function furtherOf(run: CheckRunView): Html | null {
  const address = webAddress(run.detailsUrl);
  if (address === null) return null;
  return html`<p class="further"><a href="${address}">${icon('gear', 'muted')} View more details on
<strong>${run.app}</strong></a></p>`;
}
