/**
 * Where pages hang on the server. A browser's request (one that accepts HTML) comes here first;
 * what is not a page is answered false and goes on to the API.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SimActions } from '../actions/types.ts';

export interface PageExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: Buffer;
}

/** Answers a page from the read model; false when the path is no page. */
export async function servePage(
  deps: { readonly act: SimActions },
  exchange: PageExchange,
): Promise<boolean> {
  if (exchange.request.method !== 'GET' || exchange.url.pathname !== '/') return false;
  const overview = await deps.act.overview();
  const rows = overview.repositories.flatMap((repo) =>
    repo.pullRequests.map(
      (pull) => `<li>${escapeHtml(repo.repository)}#${pull.number} ${escapeHtml(pull.title)}</li>`,
    ),
  );
  exchange.response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  exchange.response.end(`<!doctype html><title>Pull requests</title><ul>${rows.join('')}</ul>`);
  return true;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
