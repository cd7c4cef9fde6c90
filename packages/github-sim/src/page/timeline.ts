/** The conversation: commits, comments and reviews in the order in which they came. */
import type { PullRequestView } from '../read-model.ts';
import type { Frame } from './frame.ts';
import { type Html, html } from './html.ts';
import { markdown } from './markdown.ts';
import { ago, avatar, count, type Icon, icon, shortSha } from './words.ts';

interface Entry {
  readonly atMs: number;
  /** Decides within one second; ids only grow. */
  readonly id: number;
  readonly markup: Html;
}

/** Everything that was said and pushed, oldest first; of one second, commits come first. */
export function timeline(frame: Frame, pull: PullRequestView): Html {
  const entries: Entry[] = [
    ...commitEntries(frame, pull),
    ...pull.comments.map((each) => ({
      atMs: Date.parse(each.createdAt),
      id: each.id,
      markup: talk(frame, { ...each, key: `issuecomment-${each.id}`, at: each.createdAt }),
    })),
    ...pull.reviews.map((each) => ({
      atMs: Date.parse(each.submittedAt),
      id: each.id,
      markup: review(frame, each),
    })),
  ];
  const sorted = entries.toSorted((a, b) => a.atMs - b.atMs || a.id - b.id);
  return html`<div class="timeline">
${talk(frame, {
  key: 'description',
  author: pull.author,
  at: pull.createdAt,
  body: pull.body ?? '',
  isDescription: true,
})}
${sorted.map((entry) => entry.markup)}
${ending(pull)}
</div>`;
}

/** Rows of commits, for the conversation and the page of commits. */
export function commitRows(frame: Frame, pull: Pick<PullRequestView, 'commits'>): readonly Html[] {
  return pull.commits.map((commit) => {
    const [subject = ''] = commit.message.split('\n');
    return html`<li class="commit" data-key="${commit.sha}">${icon('commit', 'muted')}
${avatar(commit.author)} <span class="commit-subject">${subject}</span>
<span class="muted commit-when">${ago(commit.date, frame.nowMs)}</span>
<code>${shortSha(commit.sha)}</code></li>`;
  });
}

function commitEntries(frame: Frame, pull: PullRequestView): readonly Entry[] {
  return pull.commits.map((commit) => ({
    // A commit that is older than the pull request was there when it was opened.
    atMs: Math.max(Date.parse(commit.date), Date.parse(pull.createdAt)),
    id: 0,
    markup: html`<ul class="commits event" data-key="commit-${commit.sha}">${commitRows(frame, {
      commits: [commit],
    })}</ul>`,
  }));
}

interface Talk {
  readonly key: string;
  readonly author: string;
  readonly at: string;
  readonly body: string;
  readonly isDescription?: boolean;
  readonly reactions?: Readonly<Record<string, number>>;
}

function talk(frame: Frame, said: Talk): Html {
  const verb = said.isDescription === true ? 'opened this' : 'commented';
  return html`<article class="talk" id="${said.key}">
<div class="talk-face">${avatar(said.author, 40)}</div>
<div class="bubble"><header class="bubble-head"><strong>${said.author}</strong>
<span class="muted">${verb} ${ago(said.at, frame.nowMs)}</span></header>
<div class="bubble-body">${
    markdown(said.body) ?? html`<p class="muted"><em>No description provided.</em></p>`
  }${reactions(said.reactions ?? {})}</div></div>
</article>`;
}

const FACES: Readonly<Record<string, string>> = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  confused: '😕',
  heart: '❤️',
  hooray: '🎉',
  rocket: '🚀',
  eyes: '👀',
};

function reactions(given: Readonly<Record<string, number>>): Html | null {
  const list = Object.entries(given);
  if (list.length === 0) return null;
  return html`<p class="reactions">${list.map(
    ([name, number]) =>
      html`<span class="pill" title="${name}">${FACES[name] ?? name} ${number}</span> `,
  )}</p>`;
}

const VERDICTS: Readonly<Record<string, readonly [Icon, string, string]>> = {
  APPROVED: ['check', 'good', 'approved these changes'],
  CHANGES_REQUESTED: ['cross', 'bad', 'requested changes'],
  DISMISSED: ['stop', 'muted', 'reviewed; the review was dismissed'],
};

function review(frame: Frame, given: PullRequestView['reviews'][number]): Html {
  const [name, tone, words] = VERDICTS[given.state] ?? ['eye', 'muted', 'reviewed'];
  const body = markdown(given.body);
  return html`<article class="event review" id="pullrequestreview-${given.id}">
<p><span class="disc disc-${tone}">${icon(name)}</span>${avatar(given.author)}
<strong>${given.author}</strong> ${words}
<span class="muted">on <code>${shortSha(given.commitId)}</code> ${ago(
    given.submittedAt,
    frame.nowMs,
  )}</span></p>
${body !== null && html`<div class="bubble"><div class="bubble-body">${body}</div></div>`}
</article>`;
}

function ending(pull: PullRequestView): Html | null {
  if (pull.state === 'open') return null;
  if (pull.state === 'closed') {
    return html`<p class="event"><span class="disc disc-bad">${icon('pull-closed')}</span>
This pull request was closed without a merge.</p>`;
  }
  const sha = pull.mergeCommitSha;
  return html`<p class="event"><span class="disc disc-merged">${icon('merge')}</span>
<strong>${pull.mergedBy}</strong> merged ${count(pull.commits.length, 'commit')} into
<span class="ref">${pull.base}</span>${
    sha !== null &&
    html` as <a href="/${pull.repository}/commit/${sha}"><code>${shortSha(sha)}</code></a>`
  }</p>`;
}
