import { describe, expect, test } from 'vitest';
import { markdown } from './markdown.ts';

function rendered(text: string): string {
  return markdown(text)?.markup ?? '';
}

describe('Markdown', () => {
  test('a table of jobs comes out as a table, with its alignment as a class', () => {
    const made = rendered('| Job | Time |\n| --- | ---: |\n| **unit** | 4 s |');

    expect(made).toContain('<th>Job</th>');
    expect(made).toContain('<th class="align-right">Time</th>');
    expect(made).toContain('<td><strong>unit</strong></td>');
    expect(made).not.toContain('style=');
  });

  test('lists, code, headings and entities are understood', () => {
    const made = rendered('### Why\n\n- a &#45; b\n- `x < y`\n\n```\n<raw>\n```');

    expect(made).toContain('<h3>Why</h3>');
    expect(made).toContain('<li>a - b</li>');
    expect(made).toContain('<code>x &lt; y</code>');
    expect(made).toContain('&lt;raw&gt;');
  });

  test('links go to http and https, and tell nobody where one came from', () => {
    const made = rendered('[log](<http://localhost:8080/builds/1>) https://example.com/a');

    const rel = 'rel="nofollow noopener noreferrer"';
    expect(made).toContain(`<a href="http://localhost:8080/builds/1" ${rel}>log</a>`);
    expect(made).toContain(`<a href="https://example.com/a" ${rel}>https://example.com/a</a>`);
  });

  test.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '[x](&#106;avascript:alert(1))',
    '<javascript:alert(1)>',
    '[x]: javascript:alert(1)\n\n[x]',
    '[x](/acme/api)',
  ])('%s is no link', (text) => {
    expect(rendered(text)).not.toContain('href');
  });

  test.each(['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', 'a <b onclick=x>b</b>'])(
    '%s stays text',
    (text) => {
      expect(rendered(text)).not.toMatch(/<(script|img|b)\b/);
    },
  );

  test('a picture is never loaded', () => {
    expect(rendered('![x](https://example.com/x.png)')).not.toContain('<img');
  });

  test('a title cannot leave its attribute', () => {
    const made = rendered(`[x](https://example.com "\\" onmouseover=\\"alert(1)")`);

    expect(made).not.toContain('" onmouseover');
  });

  test('what is longer than GitHub would take is shown as it is', () => {
    const made = rendered(`**${'x'.repeat(70_000)}**<b>`);

    expect(made).toContain('<pre class="plain">**x');
    expect(made).not.toContain('<b>');
  });

  test('nothing is nothing', () => {
    expect(markdown(null)).toBeNull();
    expect(markdown(' \n')).toBeNull();
  });
});
