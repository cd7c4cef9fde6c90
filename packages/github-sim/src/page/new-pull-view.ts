/** The form "New pull request": a small change, made for trying things out. */
import { button, form } from './forms.ts';
import { documentOf, type Frame, refusalFor } from './frame.ts';
import { type Html, html } from './html.ts';
import { type ChangeKind, changeWords } from './sample-changes.ts';

const HINTS: Readonly<Record<ChangeKind, string>> = {
  passing: 'Adds a note, and puts right what an earlier change broke.',
  failing: 'Breaks something that a job of the repository checks.',
  configuration: 'Misspells a key in .gatehouse.yaml; the check says so on its line.',
  own: 'Writes one file.',
};

/** The whole document. `changes` are the sample changes that fit the repository. */
export function newPullPage(frame: Frame, changes: readonly ChangeKind[]): Html {
  const repository = frame.repository?.repository ?? '';
  const { login } = frame.viewer;
  const mayPush = refusalFor(frame.viewer, 'write') === null;
  const kinds: readonly ChangeKind[] = [...changes, 'own'];
  const content = html`<h1>New pull request</h1>
<p class="muted">${login} changes something in <strong>${repository}</strong> and proposes it.</p>
${form(
  {
    call: '/_page/open-pull-request',
    input: { repository, user: login },
    after: 'result',
    className: 'big-form card',
  },
  html`<fieldset><legend>What changes</legend>
${kinds.map((kind, index) => choice(kind, index === 0))}
<div class="own-change"><label for="own-path">File</label>
<input id="own-path" name="path" placeholder="docs/idea.md" autocomplete="off" spellcheck="false">
<label for="own-content">Its contents</label>
<textarea id="own-content" name="content" rows="5" class="code-field"
spellcheck="false"></textarea></div>
</fieldset>
<fieldset><legend>Where it comes from</legend>
<label class="tick"><input type="checkbox" name="fromFork"${
    !mayPush && html` checked disabled`
  }> <span>From ${login}’s fork<span class="muted hint">${
    mayPush
      ? 'Otherwise from a branch of the repository itself.'
      : `${login} may not push here, so it has to be.`
  }</span></span></label>
<label class="tick"><input type="checkbox" name="draft"> <span>As a draft</span></label></fieldset>
<div class="field"><label for="title">Title <span class="muted">(may stay empty)</span></label>
<input id="title" name="title" maxlength="256" autocomplete="off"></div>
<div class="field"><label for="body">Description
<span class="muted">(Markdown, may stay empty)</span></label>
<textarea id="body" name="body" rows="4"></textarea></div>
<div class="row-end"><a class="button" href="/${repository}/pulls">Back</a>${button({
    label: 'Create pull request',
    tone: 'primary',
  })}</div>`,
)}`;
  return documentOf(frame, `New pull request · ${repository}`, content);
}

function choice(kind: ChangeKind, isFirst: boolean): Html {
  return html`<label class="tick"><input type="radio" name="change" value="${kind}"${
    isFirst && html` checked`
  }> <span>${changeWords[kind]}<span class="muted hint">${HINTS[kind]}</span></span></label>`;
}
