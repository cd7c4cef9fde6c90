/** Beside the conversation: reviews, labels, draft or ready, and another commit. */
import type { PullRequestView } from '../read-model.ts';
import { button, buttonForm, form } from './forms.ts';
import { type Frame, refusalFor } from './frame.ts';
import { type Html, html } from './html.ts';
import type { ChangeKind } from './sample-changes.ts';
import { changeWords } from './sample-changes.ts';
import { avatar, type Icon, icon, label } from './words.ts';

/** All panels. `changes` are the sample changes that fit the repository. */
export function sidePanel(
  frame: Frame,
  pull: PullRequestView,
  changes: readonly ChangeKind[],
): Html {
  return html`<aside class="column-side" aria-label="About this pull request">
${reviewPanel(frame, pull)}
${labelPanel(frame, pull)}
${pull.state === 'open' && pushPanel(frame, pull, changes)}
${pull.state === 'open' && draftPanel(frame, pull)}
</aside>`;
}

const VERDICTS: Readonly<Record<string, readonly [Icon, string, string]>> = {
  APPROVED: ['check', 'good', 'approved'],
  CHANGES_REQUESTED: ['cross', 'bad', 'requested changes'],
};

function reviewPanel(frame: Frame, pull: PullRequestView): Html {
  const latest = new Map<string, string>();
  for (const each of pull.reviews) {
    if (each.state !== 'COMMENTED' || !latest.has(each.author)) latest.set(each.author, each.state);
  }
  const rows = [...latest].map(([login, state]) => {
    const [name, tone, words] = VERDICTS[state] ?? ['eye', 'muted', 'commented'];
    return html`<li data-key="${login}">${avatar(login)} ${login}
<span class="push">${icon(name, tone)}<span class="hidden-text">${words}</span></span></li>`;
  });
  return html`<section class="panel"><h2>Reviewers</h2>
${listOr(rows, 'No reviews')}
${pull.state === 'open' && reviewForm(frame, pull)}
</section>`;
}

function reviewForm(frame: Frame, pull: PullRequestView): Html {
  const { repository, number } = pull;
  const isOwn = pull.author === frame.viewer.login;
  const refusal = isOwn ? 'Nobody reviews a pull request of their own' : null;
  return html`<details class="fold"><summary>Review changes</summary>
${form(
  { call: 'review', input: { repository, number, user: frame.viewer.login } },
  html`<label for="review-body">Review as ${frame.viewer.login}</label>
<textarea id="review-body" name="body" rows="2" placeholder="Leave a note"></textarea>
<div class="row-start">${button({
    label: 'Approve',
    tone: 'primary',
    isSmall: true,
    name: 'event',
    value: 'approve',
    refusal,
  })}${button({
    label: 'Request changes',
    tone: 'danger',
    isSmall: true,
    name: 'event',
    value: 'request_changes',
    refusal,
  })}</div>
${isOwn && html`<p class="muted">Nobody approves a pull request of their own.</p>`}`,
)}</details>`;
}

function labelPanel(frame: Frame, pull: PullRequestView): Html {
  const { repository, number, author } = pull;
  const user = frame.viewer.login;
  const refusal = author === user ? null : refusalFor(frame.viewer, 'triage');
  const rows = pull.labels.map(
    (name) =>
      html`<li data-key="${name}">${label(name)} <span class="push">${buttonForm(
        { call: 'remove-label', input: { repository, number, user, label: name } },
        { label: '×', tone: 'link', spoken: `Remove the label ${name}`, refusal },
      )}</span></li>`,
  );
  return html`<section class="panel"><h2>Labels</h2>
${listOr(rows, 'None yet')}
${form(
  { call: 'add-labels', input: { repository, number, user }, className: 'row-form' },
  html`<label class="hidden-text" for="new-label">Label to add</label>
<input id="new-label" name="labels[]" required maxlength="50" placeholder="Add a label"
autocomplete="off"${refusal !== null && html` disabled`}>
${button({ label: 'Add', isSmall: true, refusal })}`,
)}</section>`;
}

function pushPanel(frame: Frame, pull: PullRequestView, changes: readonly ChangeKind[]): Html {
  const { repository, number } = pull;
  const options = changes.map(
    (kind) => html`<option value="${kind}">${changeWords[kind]}</option>`,
  );
  return html`<section class="panel"><h2>Push another commit</h2>
${form(
  {
    call: '/_page/push-change',
    input: { repository, number, user: frame.viewer.login },
    className: 'row-form',
  },
  html`<label class="hidden-text" for="push-change">What the commit does</label>
<select id="push-change" name="change">${options}</select>
${button({ label: 'Push', isSmall: true })}`,
)}<p class="muted">To <span class="ref">${pull.head}</span></p></section>`;
}

function draftPanel(frame: Frame, pull: PullRequestView): Html {
  const { repository, number, draft } = pull;
  const isOwn = pull.author === frame.viewer.login;
  return html`<section class="panel"><h2>${draft ? 'Draft' : 'Ready for review'}</h2>
${buttonForm(
  { call: 'set-draft', input: { repository, number, draft: !draft, user: frame.viewer.login } },
  {
    label: draft ? 'Mark as ready' : 'Convert to draft',
    isSmall: true,
    refusal: isOwn ? null : refusalFor(frame.viewer, 'write'),
  },
)}</section>`;
}

function listOr(rows: readonly Html[], nothing: string): Html {
  if (rows.length === 0) return html`<p class="muted">${nothing}</p>`;
  return html`<ul class="plain-list">${rows}</ul>`;
}
