/**
 * The log of one build. The first part comes with the page, so that it can be read without
 * scripts; the script goes on from there while the job runs.
 */
import type { BuildId } from '@gatehouse/model';
import type { Build, Item } from '@gatehouse/pipeline';
import type { JobLogs } from '@gatehouse/ports';
import { isWebLink, type Links } from '../links.ts';
import { text } from '../text.ts';
import { changeName } from './change.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';
import { plainOutput, wholeCharacters } from './terminal-text.ts';

/** Bytes of the log that come with the page; more makes browsers slow on small machines. */
export const PAGE_LOG_BYTES_MAX = 256 * 1024;

/** The beginning of a log. */
export interface LogStart {
  readonly text: string;
  /** Where to go on, in bytes. */
  readonly nextOffset: number;
  readonly isComplete: boolean;
}

/** Reads as much as comes with the page; null when there is no log here. */
export async function readLogStart(logs: JobLogs, build: BuildId): Promise<LogStart | null> {
  const chunks: Uint8Array[] = [];
  let offset = 0;
  let isComplete = false;
  while (offset < PAGE_LOG_BYTES_MAX) {
    const part = await logs.readLog(build, null, offset);
    if (part === null) return null;
    chunks.push(part.bytes);
    isComplete = part.isComplete;
    if (part.nextOffset <= offset) break;
    offset = part.nextOffset;
    if (isComplete && part.bytes.byteLength === 0) break;
  }
  const all = Buffer.concat(chunks);
  const whole = wholeCharacters(all.subarray(0, PAGE_LOG_BYTES_MAX));
  const isAll = isComplete && whole === all.byteLength;
  return {
    text: plainOutput(all.subarray(0, whole).toString('utf8')),
    nextOffset: offset - (all.byteLength - whole),
    isComplete: isAll,
  };
}

/** The page. @param start null: there is no log here */
export function logPage(
  { item, build }: { readonly item: Item; readonly build: Build },
  start: LogStart | null,
  links: Links,
): Page {
  const words = text.log;
  const isRunning = build.phase !== 'completed';
  const elsewhere =
    build.logUrl !== null &&
    isWebLink(build.logUrl) &&
    html`<p><a href="${build.logUrl}" rel="noopener noreferrer">${words.elsewhere}</a></p>`;
  const heading = html`<p class="crumbs"><a href="${links.buildset(item.buildset)}">${words.back}</a> · <bdi>${changeName(item.change)}</bdi> / ${item.pipeline.name}</p>
<h1>${words.title(build.job.name)}</h1>`;
  const title = `${build.job.name} ${changeName(item.change)}`;
  if (start === null) {
    return { title, content: html`${heading}<p>${words.none}</p>${elsewhere}`, isLive: isRunning };
  }
  const address = links.log(build.id);
  const rest = start.isComplete ? '' : `?offset=${start.nextOffset}`;
  return {
    title,
    // A log is read while it grows: what is on the screen must not be thrown away under the reader.
    followsItself: true,
    content: html`${heading}
<pre id="log" tabindex="0" data-log="${address}" data-offset="${start.nextOffset}" data-complete="${String(start.isComplete)}" data-too-long="${words.tooLong}">${start.text}</pre>
${start.text === '' && start.isComplete && html`<p class="quiet">${words.empty}</p>`}
${!start.isComplete && isRunning && html`<p class="quiet" id="log-state"><span class="with-script">${words.running}</span><noscript>${words.runningNoScript}</noscript></p>`}
<p><a href="${address}${rest}">${start.isComplete ? words.rawAll : words.raw}</a></p>
${elsewhere}`,
  };
}
