/** The page for strangers. It says how to sign in and nothing about what is behind it. */
import type { Links } from '../links.ts';
import { text } from '../text.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';

/** What the page shows. */
export interface SignInContent {
  /** Where to go afterwards. */
  readonly next: string;
  /** True: the viewer may see other pages, so that it may be this one that is missing. */
  readonly isPublic: boolean;
  /** False: no admin token is set, so nobody can sign in. */
  readonly isPossible: boolean;
  /** What went wrong with the last try; null: nothing. */
  readonly complaint: string | null;
}

/** The same for every address, so that it tells nothing about which of them exist. */
export function signInPage(content: SignInContent, links: Links): Page {
  const { next, isPublic, isPossible, complaint } = content;
  const words = text.signIn;
  const title = isPublic ? words.missingTitle : words.title;
  const form = html`<p>${words.how}</p>
<form class="sign-in" method="post" action="${links.signIn}">
<input type="hidden" name="next" value="${next}">
<label for="token">${words.label}</label>
<input id="token" name="token" type="password" autocomplete="current-password" required>
<button>${words.button}</button>
</form>`;
  return {
    title,
    content: html`<h1>${title}</h1>
<p>${isPublic ? words.missing : words.why}</p>
${isPublic && html`<p><a href="${links.front}">${text.home}</a></p>`}
${complaint !== null && html`<p class="complaint" role="alert">${complaint}</p>`}
${isPossible ? form : !isPublic && html`<p>${words.off}</p>`}`,
  };
}
