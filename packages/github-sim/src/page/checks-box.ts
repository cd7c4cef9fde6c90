/** The box above the merge button: every check of the head, whether it merges, and the button. */
import type { CheckRunView, PullRequestView } from '../read-model.ts';
import { checkIcon, checkTime, newestRuns, statusIcon, toneIcons, totalOf } from './check-words.ts';
import { button, buttonForm, form } from './forms.ts';
import { type Frame, refusalFor } from './frame.ts';
import { type Html, html, webAddress } from './html.ts';
import { avatar, type Icon, icon } from './words.ts';

/** Everything between the conversation and the comment box; null when there is nothing. */
export function mergeBox(frame: Frame, pull: PullRequestView): Html | null {
  // What never had a check and is over has nothing to wait for.
  const hasChecks = pull.suites.some((suite) => suite.runs.length > 0) || pull.statuses.length > 0;
  if (pull.state !== 'open' && !hasChecks) return null;
  const tone = boxTone(pull);
  return html`<section class="merge-box edge-${tone}" id="checks-box"
aria-label="Checks and merging">
${checksPart(frame, pull)}
${pull.state === 'open' && mergePart(frame, pull)}
</section>`;
}

/** Where a check run's own page is. */
export function checkPath(repository: string, run: { readonly id: number }): string {
  return `/${repository}/runs/${run.id}`;
}

/** The buttons that a check run offers to people with write access. */
export function checkButtons(frame: Frame, run: CheckRunView): readonly Html[] {
  const { repository } = frame;
  if (repository === null) return [];
  const refusal = refusalFor(frame.viewer, 'write');
  const on = { repository: repository.repository, checkRun: run.id, user: frame.viewer.login };
  const tone = run.conclusion === 'action_required' ? 'primary' : 'plain';
  return run.actions.map((action) =>
    buttonForm(
      {
        call: 'press-check-action',
        input: { ...on, identifier: action.identifier },
        done: `Asked ${run.app}: ${action.label}`,
      },
      { label: action.label, title: action.description, tone, refusal, isSmall: true },
    ),
  );
}

function boxTone(pull: PullRequestView): string {
  if (pull.state === 'merged') return 'merged';
  if (pull.state === 'closed' || pull.draft) return 'muted';
  const total = totalOf(newestRuns(pull.suites), pull.statuses);
  if (pull.mergeBox.state === 'dirty' || total?.tone === 'bad') return 'bad';
  if (total === null || total.tone === 'muted') return pull.mergeBox.canMerge ? 'good' : 'muted';
  return total.tone;
}

function checksPart(frame: Frame, pull: PullRequestView): Html {
  const runs = newestRuns(pull.suites);
  const total = totalOf(runs, pull.statuses);
  if (total === null) {
    return html`<div class="box-part">${icon('clock', 'muted')}<div class="box-words">
<h2>No checks yet</h2><p class="muted">An App that is installed here reports its checks on
<code>${pull.headSha.slice(0, 7)}</code> as soon as it hears of it.</p></div></div>`;
  }
  const all = buttonForm(
    {
      call: 'rerun-all-checks',
      input: { repository: pull.repository, number: pull.number, user: frame.viewer.login },
      done: 'Asked for all checks to run again',
    },
    { label: 'Re-run all checks', refusal: refusalFor(frame.viewer, 'write'), isSmall: true },
  );
  return html`<div class="box-part">
<span class="disc disc-${total.tone}">${icon(toneIcons[total.tone])}</span>
<div class="box-words"><h2>${total.headline}</h2><p class="muted">${total.counts}</p></div>
${runs.length > 0 && all}
</div>
<ul class="checks">
${runs.map((run) => checkRow(frame, pull, run))}
${pull.statuses.map(statusRow)}
</ul>`;
}

function checkRow(frame: Frame, pull: PullRequestView, run: CheckRunView): Html {
  const path = checkPath(pull.repository, run);
  return html`<li class="check" id="check-${run.id}">
${checkIcon(run)}${avatar(run.app)}
<p class="check-words"><a class="strong check-name" href="${path}">${run.name}</a>
<span class="muted check-time">${checkTime(run, frame.nowMs)}</span>${
    run.title !== null && html`<span class="muted check-title">${run.title}</span>`
  }</p>
<div class="check-buttons">${run.conclusion === 'action_required' && checkButtons(frame, run)}
<a class="details" href="${path}" aria-label="Details of ${run.name}">Details</a></div>
</li>`;
}

function statusRow(status: PullRequestView['statuses'][number]): Html {
  const address = webAddress(status.targetUrl);
  return html`<li class="check" data-key="status-${status.context}">
${statusIcon(status.state)}
<p class="check-words"><span class="strong check-name">${status.context}</span>
<span class="muted check-title">${status.description}</span></p>
${address !== null && html`<a class="details" href="${address}">Details</a>`}
</li>`;
}

function mergePart(frame: Frame, pull: PullRequestView): Html {
  const words = mergeWords(pull);
  return html`<div class="box-part">
<span class="disc disc-${words.tone}">${icon(words.icon)}</span>
<div class="box-words"><h2>${words.headline}</h2>
${words.lines.map((line) => html`<p class="muted">${line}</p>`)}</div>
</div>
<div class="box-part box-foot">${
    pull.draft ? readyButton(frame, pull) : mergeButton(frame, pull)
  }</div>`;
}

function mergeButton(frame: Frame, pull: PullRequestView): Html {
  const { repository, number, mergeBox: box } = pull;
  const blocked = box.canMerge ? null : 'Not possible now';
  const refusal = blocked ?? refusalFor(frame.viewer, 'write');
  return form(
    {
      call: 'merge-pull-request',
      input: { repository, number, sha: pull.headSha, user: frame.viewer.login },
      className: 'merge-form',
    },
    html`${button({ label: 'Merge pull request', tone: 'primary', refusal })}
<label for="merge-method">by</label>
<select id="merge-method" name="method"${refusal !== null && html` disabled`}>
<option value="merge">a merge commit</option><option value="squash">squashing</option>
<option value="rebase">rebasing</option></select>
${refusal !== null && html`<span class="muted">${refusal}</span>`}`,
  );
}

function readyButton(frame: Frame, pull: PullRequestView): Html {
  const { repository, number, author } = pull;
  const isOwn = author === frame.viewer.login;
  return buttonForm(
    { call: 'set-draft', input: { repository, number, draft: false, user: frame.viewer.login } },
    { label: 'Ready for review', refusal: isOwn ? null : refusalFor(frame.viewer, 'write') },
  );
}

interface MergeWords {
  readonly icon: Icon;
  readonly tone: string;
  readonly headline: string;
  readonly lines: readonly string[];
}

function mergeWords({ mergeBox: box, base }: PullRequestView): MergeWords {
  switch (box.state) {
    case 'clean':
      return {
        icon: 'check',
        tone: 'good',
        headline: 'No conflicts with the base branch',
        lines: ['Merging can be done automatically.'],
      };
    case 'unstable':
      return {
        icon: 'check',
        tone: 'good',
        headline: 'No conflicts with the base branch',
        lines: ['No rule asks for the checks, so merging is possible all the same.'],
      };
    case 'dirty':
      return {
        icon: 'alert',
        tone: 'bad',
        headline: 'This branch has conflicts that must be resolved',
        lines: [`Both sides changed the same lines since it left ${base}.`],
      };
    case 'blocked':
      return { icon: 'stop', tone: 'bad', headline: 'Merging is blocked', lines: box.reasons };
    case 'draft':
      return {
        icon: 'pull-draft',
        tone: 'muted',
        headline: 'This pull request is still a work in progress',
        lines: ['Draft pull requests cannot be merged.'],
      };
    default:
      return {
        icon: 'wait',
        tone: 'wait',
        headline: 'Checking for the ability to merge…',
        lines: ['This takes a moment after each push.'],
      };
  }
}
