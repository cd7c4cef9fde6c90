/** One commit: its message, its checks and what it changed. */
import type { PullRequestView } from '../read-model.ts';
import { noChecksView } from './check-view.ts';
import { checkIcon, checkTime, newestRuns } from './check-words.ts';
import { checkPath } from './checks-box.ts';
import { filesView } from './files-view.ts';
import { documentOf, type Frame } from './frame.ts';
import { type Html, html } from './html.ts';
import { ago, avatar, shortSha } from './words.ts';

/** What the page of a commit shows. */
export interface CommitSubject {
  readonly sha: string;
  readonly message: string;
  /** Login, or the name that git knows. */
  readonly author: string;
  readonly date: string;
  readonly files: PullRequestView['files'];
  readonly suites: PullRequestView['suites'];
}

/** The whole document. */
export function commitPage(frame: Frame, commit: CommitSubject): Html {
  const repository = frame.repository?.repository ?? '';
  const [subject = '', ...rest] = commit.message.split('\n');
  const body = rest.join('\n').trim();
  const runs = newestRuns(commit.suites);
  const rows = runs.map(
    (run) => html`<li class="check" id="check-${run.id}">${checkIcon(run)}${avatar(run.app)}
<p class="check-words"><a class="strong check-name" href="${checkPath(repository, run)}">${
      run.name
    }</a> <span class="muted">${checkTime(run, frame.nowMs)}</span>
<span class="muted check-title">${run.title}</span></p></li>`,
  );
  const content = html`<header class="pull-head"><h1>${subject}</h1>
<p class="pull-meta">${avatar(commit.author)} <strong>${commit.author}</strong>
<span class="muted">committed ${ago(commit.date, frame.nowMs)}</span>
<code>${shortSha(commit.sha)}</code></p>
${body !== '' && html`<pre class="plain">${body}</pre>`}</header>
${
  rows.length === 0
    ? noChecksView(commit.sha)
    : html`<section class="card"><ul class="checks">${rows}</ul></section>`
}
${filesView(commit)}`;
  return documentOf(frame, `${subject} · ${repository}@${shortSha(commit.sha)}`, content);
}
