/** The page for strangers. It says how to sign in and nothing about what is behind it. */
import type { Links } from '../links.ts';
import { text } from '../text.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';

/** What the page shows. */
export interface SignInContent {
  /** Where to go afterwards. */
  readonly next: string;
  /** False: no admin token is set, so nobody can sign in. */
  readonly isPossible: boolean;
  /** What went wrong with the last try; null: nothing. */
  readonly complaint: string | null;
}

/** The same for every address, so that it tells nothing about which of them exist. */
export function signInPage({ next, isPossible, complaint }: SignInContent, links: Links): Page {
  const words = text.signIn;
  const form = html`<p>${words.how}</p>
<form class="sign-in" method="post" action="${links.signIn}">
<input type="hidden" name="next" value="${next}">
<label for="token">${words.label}</label>
<input id="token" name="token" type="password" autocomplete="current-password" required>
<button>${words.button}</button>
</form>`;
  return {
    title: words.title,
    content: html`<h1>${words.title}</h1>
<p>${words.why}</p>
${complaint !== null && html`<p class="complaint" role="alert">${complaint}</p>`}
${isPossible ? form : html`<p>${words.off}</p>`}`,
  };
}
