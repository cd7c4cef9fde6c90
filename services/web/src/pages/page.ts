/** The frame of every page that is made here: signing in, and failures. */
import type { Links } from '../links.ts';
import { text } from '../text.ts';
import type { Viewer } from '../viewer/viewers.ts';
import type { AssetVersions } from './assets.ts';
import { type Html, html } from './html.ts';

/** What the frame needs besides the page. */
export interface Frame {
  readonly links: Links;
  readonly assets: AssetVersions;
  readonly viewer: Viewer;
  readonly version: string;
}

/** One page. */
export interface Page {
  readonly title: string;
  readonly content: Html;
}

/** The gatehouse, as a path on a grid of 16 by 16. */
const MARK = 'M1 15V5l3-3 2 2h4l2-2 3 3v10h-5v-4a2 2 0 0 0-4 0v4z';

const ICON =
  'data:image/svg+xml,' +
  encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#2f6f4f" d="${MARK}"/></svg>`,
  );

/** The whole document. */
export function renderPage(page: Page, { links, assets, viewer, version }: Frame): string {
  const { title, content } = page;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} – ${text.product}</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="${links.asset('style.css', assets.style)}">
</head>
<body>
<a class="skip" href="#main">${text.skip}</a>
<header>
<a class="brand" href="${links.front}"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="${MARK}"/></svg>${text.product}</a>
${
  viewer.hasSession &&
  html`<form method="post" action="${links.signOut}"><button>${text.signIn.out}</button></form>`
}
</header>
<main id="main">
${content}
</main>
<footer>${text.product} ${version}</footer>
</body>
</html>
`;
  return document.markup;
}
