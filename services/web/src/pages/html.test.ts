import { expect, test } from 'vitest';
import { html } from './html.ts';

test('what is put in is text, in content and in quoted attributes', () => {
  const text = `<b title='x' class="y">&\``;

  expect(html`<i title="${text}">${text}</i>`.markup).toBe(`<i title="${ESCAPED}">${ESCAPED}</i>`);
});

test('mark-up that was made here is put in as it is, alone or in lists', () => {
  const inner = html`<b>${'&'}</b>`;

  expect(html`<i>${inner}${[inner, 'x', 1]}</i>`.markup).toBe('<i><b>&#38;</b><b>&#38;</b>x1</i>');
});

test('nothing is shown for what is not there, and zero is shown', () => {
  expect(html`(${null}${undefined}${false}${[]}${0})`.markup).toBe('(0)');
});

test('an object that only looks like mark-up is not taken for it', () => {
  expect(html`${{ markup: '<script>' }}`.markup).not.toContain('<script>');
});

const ESCAPED = '&#60;b title=&#39;x&#39; class=&#34;y&#34;&#62;&#38;&#96;';
