/** What jumps, and what is too small to hit: what a reader feels and no picture shows. */
import type { browserForTests } from '@gatehouse/testkit';

type Browser = NonNullable<Awaited<ReturnType<typeof browserForTests>>>;
type Page = Awaited<ReturnType<Browser['newPage']>>;

/**
 * Has the tab note every shift of its layout that no press or key of the last half second explains.
 * Source: https://developer.mozilla.org/docs/Web/API/LayoutShift
 */
export async function noteShifts(page: Page): Promise<void> {
  await page.addInitScript(`
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.hadRecentInput) continue;
        const moved = entry.sources.map(({ node }) => node?.className || node?.nodeName).join(' ');
        window.shifts.push({ value: entry.value, moved });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  `);
}

/**
 * The sum of the shifts since the page was opened, with the names of what moved.
 * Source: https://web.dev/articles/cls – up to 0.1 counts as good.
 */
export async function shiftsOf(page: Page): Promise<{ sum: number; moved: readonly string[] }> {
  const shifts = (await page.evaluate('window.shifts')) as readonly Shift[]; // as noted above
  const sum = shifts.reduce((total, { value }) => total + value, 0);
  return { sum, moved: shifts.map(({ value, moved }) => `${value.toFixed(4)} ${moved}`) };
}

interface Shift {
  readonly value: number;
  readonly moved: string;
}

/**
 * Links and controls lower or narrower than 24 pixels, but for links within a sentence.
 * Source: https://www.w3.org/TR/WCAG22/#target-size-minimum
 */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('a, button, input, select, summary')]
    .flatMap((one) => {
      const { width, height, right } = one.getBoundingClientRect();
      const isShown = width > 0 && right > 0;
      const isInSentence = getComputedStyle(one).display === 'inline';
      const covers = getComputedStyle(one, '::after').position === 'absolute';
      if (!isShown || isInSentence || covers || (width >= 24 && height >= 24)) return [];
      return [one.textContent.trim() + ' ' + width + 'x' + height];
    })`);
}
