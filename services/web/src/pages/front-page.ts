/** The front page: what runs now, by pipeline, and what finished lately. */
import { type Item, outcomeText } from '@gatehouse/pipeline';
import type { Links } from '../links.ts';
import { groupByPipeline, LISTED_RUNS_MAX } from '../read/views.ts';
import { text } from '../text.ts';
import { changeName, changeTitle, statusBadge } from './change.ts';
import { type Html, html } from './html.ts';
import type { Page } from './page.ts';
import { duration } from './times.ts';

/** What the front page shows. */
export interface FrontContent {
  /** Oldest first. */
  readonly live: readonly Item[];
  /** Newest first. */
  readonly recent: readonly Item[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** @param content only what the viewer may see */
export function frontPage(content: FrontContent, links: Links): Page {
  const { live, recent, now } = content;
  const groups = groupByPipeline(live);
  return {
    title: text.front.title,
    isLive: true,
    content: html`<h1>${text.front.title}</h1>
${
  groups.length === 0 &&
  html`<section class="empty"><p>${text.front.empty}</p><p>${text.front.emptyHow}</p></section>`
}
${groups.map((items) => pipelineSection(items, links, now))}
${
  recent.length > 0 &&
  html`<section><h2>${text.front.recent}</h2>${runList(recent, links, now)}</section>`
}`,
  };
}

function pipelineSection(items: readonly [Item, ...Item[]], links: Links, now: number): Html {
  const [{ tenant, pipeline }] = items;
  const hidden = items.length - LISTED_RUNS_MAX;
  return html`<section>
<h2>${pipeline.name} <small>${tenant} · ${text.front.live(items.length)}</small></h2>
${pipeline.description !== null && html`<p class="quiet">${pipeline.description}</p>`}
${runList(items.slice(0, LISTED_RUNS_MAX), links, now)}
${hidden > 0 && html`<p class="quiet">${text.front.more(hidden)}</p>`}
</section>`;
}

function runList(items: readonly Item[], links: Links, now: number): Html {
  return html`<ul class="runs">
${items.map((item) => runEntry(item, links, now))}
</ul>`;
}

function runEntry(item: Item, links: Links, now: number): Html {
  const { verdict, builds } = item;
  const done = builds.filter((build) => build.phase === 'completed').length;
  const state =
    verdict === null ? text.front.jobs(done, builds.length) : outcomeText(verdict.outcome);
  const took = duration((item.completedAt ?? now) - item.enqueuedAt);
  return html`<li>
${statusBadge(item)}
<a href="${links.buildset(item.buildset)}"><bdi>${changeName(item.change)}</bdi></a>
<bdi class="title">${changeTitle(item.change)}</bdi>
<span class="quiet">${verdict === null ? state : item.pipeline.name} · ${took}</span>
</li>`;
}
