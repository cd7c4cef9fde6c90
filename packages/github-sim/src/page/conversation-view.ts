/** The first page of a pull request: the talk, the checks box, the comment box and the side. */
import type { PullRequestView } from '../read-model.ts';
import { mergeBox } from './checks-box.ts';
import { button, form } from './forms.ts';
import { type Frame, refusalFor } from './frame.ts';
import { type Html, html } from './html.ts';
import { pullDocument } from './pull-frame.ts';
import type { ChangeKind } from './sample-changes.ts';
import { sidePanel } from './side-panel.ts';
import { timeline } from './timeline.ts';
import { avatar } from './words.ts';

/** The whole document. `changes` are the sample changes that may be pushed to its branch. */
export function conversationPage(
  frame: Frame,
  pull: PullRequestView,
  changes: readonly ChangeKind[],
): Html {
  const content = html`<div class="columns"><div class="column-main">
${timeline(frame, pull)}
${mergeBox(frame, pull)}
${commentBox(frame, pull)}
</div>
${sidePanel(frame, pull, changes)}
</div>`;
  return pullDocument(frame, pull, { tab: 'conversation', content });
}

function commentBox(frame: Frame, pull: PullRequestView): Html {
  const { repository, number } = pull;
  const on = { repository, number, user: frame.viewer.login };
  return html`<section class="talk" aria-label="Add a comment">
<div class="talk-face">${avatar(frame.viewer.login, 40)}</div>
<div class="bubble"><h2 class="bubble-head">Add a comment</h2><div class="bubble-body">
${form(
  { call: 'comment', input: on, className: 'comment-form' },
  html`<label class="hidden-text" for="comment">Comment as ${frame.viewer.login}</label>
<textarea id="comment" name="body" rows="3" required
placeholder="Say something, in Markdown. A comment “recheck” runs the checks again."></textarea>
<div class="row-end">${button({ label: 'Comment', tone: 'primary' })}</div>`,
)}
${pull.state !== 'merged' && closeOrReopen(frame, pull)}
</div></div></section>`;
}

function closeOrReopen(frame: Frame, pull: PullRequestView): Html {
  const { repository, number, state } = pull;
  const isOwn = pull.author === frame.viewer.login;
  const refusal = isOwn ? null : refusalFor(frame.viewer, 'triage');
  const isOpen = state === 'open';
  return form(
    {
      call: isOpen ? 'close-pull-request' : 'reopen-pull-request',
      input: { repository, number, user: frame.viewer.login },
      className: 'close-form',
    },
    button({ label: isOpen ? 'Close pull request' : 'Reopen pull request', refusal }),
  );
}
