/** What stands around every page, and what every page knows. */
import type { RepositoryView } from '../read-model.ts';
import { isAtLeast } from '../state/find.ts';
import type { Role } from '../state/types.ts';
import { type Html, html, type Piece } from './html.ts';
import { avatar, icon } from './words.ts';

/** Who looks. */
export interface Viewer {
  readonly login: string;
  /** Right on the page's repository; null: none, or there is no repository. */
  readonly role: Role | null;
  /** Everybody one may act as. */
  readonly people: readonly string[];
}

/** What every page is given besides its own subject. */
export interface Frame {
  readonly viewer: Viewer;
  /** The page's own path with its query, to come back to. */
  readonly path: string;
  /** Of the read model that the page was made from. */
  readonly version: number;
  /** The moment that times are told from, in milliseconds. */
  readonly nowMs: number;
  readonly repository: Pick<RepositoryView, 'repository' | 'private' | 'forkOf'> | null;
}

/** A whole document. */
export function documentOf(frame: Frame, title: string, content: Piece): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/_page/favicon.svg">
<link rel="stylesheet" href="/_page/page.css">
<script type="module" src="/_page/page.mjs"></script>
</head>
<body data-repository="${frame.repository?.repository}" data-version="${frame.version}">
<a class="skip" href="#main">Skip to content</a>
${topOf(frame)}
<noscript><p class="flash">Buttons and live updates need JavaScript.</p></noscript>
<main id="main" tabindex="-1">${content}</main>
<footer class="foot">A simulated GitHub, served from this machine.</footer>
<div id="notice" class="notice" role="alert" data-keep></div>
</body>
</html>
`;
}

/** Why the viewer may not press a button that needs a right; null when they may. */
export function refusalFor(viewer: Viewer, needed: Role): string | null {
  if (isAtLeast(viewer.role, needed)) return null;
  return `${viewer.login} has no ${needed} access here: choose somebody else under “Acting as”`;
}

function topOf(frame: Frame): Html {
  return html`<header class="top">
<a class="brand" href="/">${icon('pull')}<span>Simulated GitHub</span></a>
${frame.repository !== null && crumbs(frame.repository)}
<span id="live" class="live" role="status" data-keep>live</span>
${actingAs(frame)}
</header>`;
}

function crumbs(repository: NonNullable<Frame['repository']>): Html {
  const [owner = '', name = ''] = repository.repository.split('/');
  return html`<nav class="crumbs" aria-label="Repository">${icon('repository', 'muted')}
<a href="/">${owner}</a><span class="slash">/</span><a class="strong"
href="/${repository.repository}/pulls">${name}</a>${
    repository.private && html` <span class="pill">Private</span>`
  }</nav>`;
}

function actingAs({ viewer, path }: Frame): Html | null {
  if (viewer.people.length === 0) return null;
  const options = viewer.people.map(
    (login) =>
      html`<option value="${login}"${login === viewer.login && html` selected`}>${login}</option>`,
  );
  return html`<form class="acting" action="/_page/act-as" method="get" data-acting>
<input type="hidden" name="back" value="${path}">
<label for="acting">Acting as</label>${avatar(viewer.login)}
<select id="acting" name="user">${options}</select>
<noscript><button class="button button-small">Switch</button></noscript>
</form>`;
}
