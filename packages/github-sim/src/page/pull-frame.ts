/** What stands above every page of one pull request: its title, its state and the tabs. */
import type { PullRequestView } from '../read-model.ts';
import { newestRuns } from './check-words.ts';
import { documentOf, type Frame } from './frame.ts';
import { type Html, html } from './html.ts';
import { count, type Icon, icon, stateBadge } from './words.ts';

export type Tab = 'conversation' | 'commits' | 'checks' | 'files';

/** A document with the pull request's head and one of its tabs. */
export function pullDocument(
  frame: Frame,
  pull: PullRequestView,
  { tab, content }: { readonly tab: Tab; readonly content: Html },
): Html {
  const title = `${pull.title} · Pull request #${pull.number} · ${pull.repository}`;
  return documentOf(
    frame,
    title,
    html`<header class="pull-head">
<h1>${pull.title} <span class="number">#${pull.number}</span></h1>
<p class="pull-meta">${stateBadge(pull)} <span><strong>${pull.mergedBy ?? pull.author}</strong> ${
      pull.state === 'merged' ? 'merged' : 'wants to merge'
    } ${count(pull.commits.length, 'commit')} into <span class="ref">${pull.base}</span> from
<span class="ref">${pull.head}</span></span></p>
</header>
${tabs(pull, tab)}
${content}`,
  );
}

function tabs(pull: PullRequestView, current: Tab): Html {
  const path = `/${pull.repository}/pull/${pull.number}`;
  const runs = newestRuns(pull.suites).length + pull.statuses.length;
  const talk = pull.comments.length + pull.reviews.length;
  const list: readonly (readonly [Tab, string, Icon, string, number])[] = [
    ['conversation', path, 'comment', 'Conversation', talk],
    ['commits', `${path}/commits`, 'commit', 'Commits', pull.commits.length],
    ['checks', `${path}/checks`, 'check', 'Checks', runs],
    ['files', `${path}/files`, 'file', 'Files changed', pull.files.length],
  ];
  return html`<nav class="tabs" aria-label="Pull request">${list.map(
    ([tab, address, picture, words, number]) =>
      html`<a href="${address}"${tab === current && html` aria-current="page"`}>${icon(
        picture,
        'muted',
      )} ${words} <span class="counter">${number}</span></a>`,
  )}</nav>`;
}
