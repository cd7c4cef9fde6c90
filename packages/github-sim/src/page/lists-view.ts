/** All repositories, the pull requests of one, and the commits of one pull request. */
import type {
  Overview,
  PullRequestSummary,
  PullRequestView,
  RepositoryView,
} from '../read-model.ts';
import { toneIcons, totalOf } from './check-words.ts';
import { documentOf, type Frame } from './frame.ts';
import { type Html, html } from './html.ts';
import { commitRows } from './timeline.ts';
import { ago, type Icon, icon, label, stateIcon } from './words.ts';

/** The page at `/`. */
export function overviewPage(frame: Frame, overview: Overview): Html {
  const { repositories } = overview;
  const sources = repositories.filter((each) => each.forkOf === null);
  const forks = repositories.filter((each) => each.forkOf !== null);
  const content = html`<h1>Repositories</h1>
${
  repositories.length === 0 &&
  html`<div class="empty"><h2>Nothing here yet</h2><p>Repositories appear as soon as they are made:
with <code>POST /_sim/create-repository</code>, or with sample data by
<code>npm run demo</code>.</p></div>`
}
${sources.map((repo) => repositoryCard(frame, repo))}
${
  forks.length > 0 &&
  html`<h2>Forks</h2><ul class="plain-list forks">${forks.map(
    (repo) =>
      html`<li>${icon('branch', 'muted')} <a href="/${repo.repository}/pulls">${
        repo.repository
      }</a> <span class="muted">forked from ${repo.forkOf}</span></li>`,
  )}</ul>`
}`;
  return documentOf(frame, 'Simulated GitHub', content);
}

/** The pull requests of a repository that are open, or those that are not. */
export function pullsPage(frame: Frame, repo: RepositoryView, state: 'open' | 'closed'): Html {
  const open = repo.pullRequests.filter((pull) => pull.state === 'open');
  const closed = repo.pullRequests.filter((pull) => pull.state !== 'open');
  const shown = state === 'open' ? open : closed;
  const path = `/${repo.repository}/pulls`;
  const tab = (name: 'open' | 'closed', number: number, picture: Icon) =>
    html`<a href="${path}${name === 'closed' && '?state=closed'}"${
      state === name && html` aria-current="page"`
    }>${icon(picture, 'muted')} ${number} ${name}</a>`;
  const content = html`<div class="title-row"><h1>Pull requests</h1>
<a class="button button-primary" href="/${repo.repository}/compare">New pull request</a></div>
<section class="card"><nav class="card-head filters" aria-label="State">${tab(
    'open',
    open.length,
    'pull',
  )}${tab('closed', closed.length, 'check')}</nav>
${shown.length === 0 ? nonePulls(repo, state) : pullRows(frame, shown)}</section>`;
  return documentOf(frame, `Pull requests · ${repo.repository}`, content);
}

/** The commits of a pull request. */
export function commitsView(frame: Frame, pull: PullRequestView): Html {
  return html`<section class="card"><ul class="commits commit-page">${commitRows(
    frame,
    pull,
  )}</ul></section>`;
}

function nonePulls(repo: RepositoryView, state: 'open' | 'closed'): Html {
  return html`<div class="empty"><h2>There are no ${state} pull requests</h2>${
    state === 'open' &&
    html`<p>Open one with a sample change:
<a href="/${repo.repository}/compare">New pull request</a>.
Its checks appear within a moment.</p>`
  }</div>`;
}

function repositoryCard(frame: Frame, repo: RepositoryView): Html {
  const open = repo.pullRequests.filter((pull) => pull.state === 'open');
  const path = `/${repo.repository}`;
  return html`<section class="card" data-key="${repo.repository}">
<header class="card-head"><h2>${icon('repository', 'muted')} <a href="${path}/pulls">${
    repo.repository
  }</a>${repo.private && html` <span class="pill">Private</span>`}</h2>
<a class="button button-small" href="${path}/compare">New pull request</a></header>
${open.length === 0 ? nonePulls(repo, 'open') : pullRows(frame, open)}</section>`;
}

function pullRows(frame: Frame, pulls: readonly PullRequestSummary[]): Html {
  return html`<ul class="pulls">${pulls.map((pull) => pullRow(frame, pull))}</ul>`;
}

function pullRow(frame: Frame, pull: PullRequestSummary): Html {
  return html`<li class="pull" data-key="${pull.repository}#${pull.number}">
${stateIcon(pull)}<div class="pull-words">
<p><a class="strong pull-title" href="/${pull.repository}/pull/${pull.number}">${pull.title}</a>
${checksMark(pull)} ${pull.labels.map((name) => html`${label(name)} `)}</p>
<p class="muted">#${pull.number} by ${pull.author} from
<span class="ref">${pull.head}</span>, changed
${ago(pull.updatedAt, frame.nowMs)}</p></div></li>`;
}

function checksMark(pull: PullRequestSummary): Html | null {
  const total = totalOf(pull.checks, []);
  if (total === null) return null;
  const path = `/${pull.repository}/pull/${pull.number}/checks`;
  return html`<a class="checks-mark" href="${path}" title="${total.counts}">${icon(
    toneIcons[total.tone],
    total.tone,
  )}<span class="hidden-text">${total.counts}</span></a>`;
}
