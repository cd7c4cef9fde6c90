/**
 * GitHub-flavoured Markdown of strangers. Raw HTML stays text, links go to http and https only,
 * pictures are links (nothing is loaded from elsewhere).
 */
import MarkdownItOf, { type MarkdownIt, type Token } from 'markdown-it';
import { type Html, html, trusted, webAddress } from './html.ts';

/** What is longer is shown as plain text: GitHub's own limit for a comment, a summary or a text. */
const CHARS_MAX = 65_536;

let shared: MarkdownIt | undefined;

/** Rendered Markdown in its frame; nothing for nothing. Line breaks count, as in comments. */
export function markdown(text: string | null): Html | null {
  if (text === null || text.trim() === '') return null;
  if (text.length > CHARS_MAX) return html`<pre class="plain">${text}</pre>`;
  shared ??= createRenderer();
  return html`<div class="markdown">${trusted(shared.render(text))}</div>`;
}

function createRenderer(): MarkdownIt {
  const renderer = MarkdownItOf({ html: false, linkify: true, breaks: true });
  renderer.validateLink = (url) => webAddress(url) !== null;
  renderer.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  renderer.disable('image');
  renderer.core.ruler.push('attributes', (state) => {
    for (const token of state.tokens) {
      alignByClass(token);
      for (const child of token.children ?? []) {
        if (child.type === 'link_open') child.attrSet('rel', 'nofollow noopener noreferrer');
      }
    }
  });
  return renderer;
}

/** Alignment comes as a style attribute, which the page's policy forbids; a class does the same. */
function alignByClass(token: Token): void {
  const style = token.attrGet('style');
  if (style === null) return;
  token.attrs = (token.attrs ?? []).filter(([name]) => name !== 'style');
  token.attrSet('class', `align-${String(style).replace('text-align:', '')}`);
}
