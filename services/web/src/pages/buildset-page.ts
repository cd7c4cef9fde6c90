/** The page of one run: what GitHub's check run links to. */
import { type ConfigurationProblem, isPassing } from '@gatehouse/model';
import { type Build, type Item, reasonText, resultText, trustText } from '@gatehouse/pipeline';
import { isWebLink, type Links } from '../links.ts';
import { text } from '../text.ts';
import { changeName, changeTitle, statusBadge } from './change.ts';
import { type Html, html } from './html.ts';
import type { Page } from './page.ts';
import { duration, moment } from './times.ts';

const words = text.buildset;

/** @param now milliseconds since 1970 */
export function buildsetPage(item: Item, links: Links, now: number): Page {
  const { change, pipeline, verdict } = item;
  return {
    title: `${changeName(change)} ${pipeline.name}`,
    isLive: verdict === null,
    content: html`<p class="crumbs"><a href="${links.front}">${text.front.title}</a> / ${item.tenant} / ${pipeline.name}</p>
<h1>${statusBadge(item)} <bdi>${changeTitle(change)}</bdi></h1>
${
  verdict !== null &&
  verdict.reasons.length > 0 &&
  html`<ul class="reasons">${verdict.reasons.map((reason) => html`<li>${reasonText(reason)}</li>`)}</ul>`
}
${factList(item, now)}
<section>
<h2>${words.jobs}</h2>
${jobTable(item, links, now)}
</section>
${item.problems.length > 0 && problemList(item.problems)}
${
  item.selection.length > 0 &&
  html`<details><summary>${words.selection}</summary><ul>
${item.selection.map((reason) => html`<li>${reasonText(reason)}</li>`)}
</ul></details>`
}`,
  };
}

function factList(item: Item, now: number): Html {
  const { change } = item;
  const name = html`<bdi>${changeName(change)}</bdi>`;
  const link = isWebLink(change.url) ? html`<a href="${change.url}">${name}</a>` : name;
  const branches =
    change.kind === 'proposed' &&
    html` ${words.by} <bdi>${change.author}</bdi>, <bdi><code>${change.headRef}</code></bdi> ${words.onto} <bdi><code>${change.baseRef}</code></bdi>`;
  return html`<dl>
<dt>${words.change}</dt><dd>${link}${branches}</dd>
<dt>${words.head}</dt><dd><code>${change.headSha.slice(0, 12)}</code></dd>
${
  item.state !== null &&
  html`<dt>${words.tested}</dt><dd><code>${item.state.sha.slice(0, 12)}</code></dd>`
}
<dt>${words.cause}</dt><dd><bdi>${item.cause}</bdi></dd>
<dt>${words.trust}</dt><dd>${trustText(item.trust)}</dd>
<dt>${words.enqueued}</dt><dd>${moment(item.enqueuedAt)}</dd>
<dt>${item.completedAt === null ? words.runningFor : words.took}</dt><dd>${duration((item.completedAt ?? now) - item.enqueuedAt)}</dd>
<dt>${words.identity}</dt><dd><code>${item.buildset}</code></dd>
</dl>`;
}

function jobTable(item: Item, links: Links, now: number): Html {
  if (item.builds.length === 0) {
    return html`<p class="quiet">${item.verdict === null ? words.noJobs : words.noJobsRan}</p>`;
  }
  const { columns } = words;
  return html`<div class="scroll"><table>
<thead><tr><th scope="col">${columns.job}</th><th scope="col">${columns.result}</th><th scope="col">${columns.time}</th><th scope="col">${columns.log}</th></tr></thead>
<tbody>
${item.builds.map((build) => jobRow(build, links, now))}
</tbody></table></div>`;
}

function jobRow(build: Build, links: Links, now: number): Html {
  const { job, attempt } = build;
  const begun = build.startedAt ?? build.launchedAt;
  const notes = [
    !job.isVoting && words.nonVoting,
    attempt > 1 && words.attempt(attempt, job.attempts),
    build.phase === 'waiting' &&
      job.dependencies.length > 0 &&
      words.waitsFor(job.dependencies.map(({ name }) => name)),
    build.detail,
  ].filter((note) => note !== false && note !== null);
  return html`<tr>
<th scope="row">${job.name}</th>
<td><span class="${toneOf(build)}">${
    build.result === null ? text.buildPhases[build.phase] : resultText(build.result)
  }</span>${notes.map((note) => html`<br><small>${note}</small>`)}</td>
<td>${begun !== null && duration((build.completedAt ?? now) - begun)}</td>
<td>${logLink(build, links)}</td>
</tr>`;
}

function toneOf({ result }: Build): string {
  if (result === null) return 'running';
  if (result === 'SKIPPED' || result === 'CANCELED') return 'still';
  return isPassing(result) ? 'good' : 'bad';
}

function logLink(build: Build, links: Links): Html {
  if (build.hasLog) return html`<a href="${links.build(build.id)}">${words.log}</a>`;
  if (build.logUrl !== null && isWebLink(build.logUrl)) {
    return html`<a href="${build.logUrl}" rel="noopener noreferrer">${words.log}</a>`;
  }
  return html`<span class="quiet">${words.noLog}</span>`;
}

function problemList(problems: readonly ConfigurationProblem[]): Html {
  return html`<section><h2>${words.problems}</h2><ul class="problems">
${problems.map(
  ({ level, repository, path, range, message, remedy }) => html`<li>
<span class="${level === 'error' ? 'bad' : 'wait'}">${level}</span>
<code>${repository} ${path}${range !== null && `:${range.startLine}`}</code><br>${message}
${remedy !== null && html`<br><small>${remedy}</small>`}
</li>`,
)}
</ul></section>`;
}
