import { describe, expect, test } from 'vitest';
import { html, webAddress } from './html.ts';

describe('the template', () => {
  test('text cannot leave an element or an attribute', () => {
    const hostile = `"><script>alert('x')</script>&\``;

    const made = html`<a title="${hostile}">${hostile}</a>`.markup;

    const escaped = '&#34;&#62;&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;&#38;&#96;';
    expect(made).toBe(`<a title="${escaped}">${escaped}</a>`);
  });

  test('markup stands as it is, lists follow one another, and nothing is nothing', () => {
    const rows = ['a', '<b>'].map((name) => html`<li>${name}</li>`);

    const made = html`<ul>${rows}${null}${undefined}${false}${0}</ul>`.markup;

    expect(made).toBe('<ul><li>a</li><li>&#60;b&#62;</li>0</ul>');
  });

  test('an object that looks like markup is text', () => {
    const forged = JSON.parse('{"markup": "<b>"}');

    const made = html`${forged}`.markup;

    expect(made).toBe('[object Object]');
  });
});

describe('addresses', () => {
  test.each(['http://localhost:8080/a', 'https://example.com'])('%s may be followed', (url) => {
    expect(webAddress(url)).toBe(url);
  });

  test.each([null, '', 'javascript:alert(1)', 'data:text/html,x', '//example.com', '/path'])(
    '%s may not',
    (url) => {
      expect(webAddress(url)).toBeNull();
    },
  );
});
