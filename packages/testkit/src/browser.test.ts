import { expect, test, vi } from 'vitest';
import { browserForTests } from './browser.ts';

/** A machine without a browser, of somebody who may not install one. */
const bare = { folders: [], isRoot: false };

test.each(['true', '1'])('an automated run (CI=%s) without a browser fails', async (CI) => {
  const asked = browserForTests({ ...bare, environment: { CI } });

  await expect(asked).rejects.toThrow('apt-get install chromium');
});

test.each([undefined, '', 'false'])(
  'without CI (%o) tests are left out with one line',
  async (CI) => {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);

    const browser = await browserForTests({ ...bare, environment: CI === undefined ? {} : { CI } });
    const lines = written.mock.calls.map(([text]) => text);
    written.mockRestore();

    expect(browser).toBeNull();
    expect(lines).toEqual(['No Chromium here: tests of pages are left out.\n']);
  },
);
