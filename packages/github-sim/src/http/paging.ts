import type { Call } from './route.ts';

const PER_PAGE_DEFAULT = 30;
const PER_PAGE_MAX = 100;

export interface Page<T> {
  readonly items: readonly T[];
  /** Value of the Link header; empty when everything fits on this page. */
  readonly link: string;
}

/** Cuts the page that the query asks for out of a whole list. */
export function page<T>(call: Call, all: readonly T[]): Page<T> {
  const perPage = Math.min(numberOf(call, 'per_page', PER_PAGE_DEFAULT), PER_PAGE_MAX);
  const number = numberOf(call, 'page', 1);
  const last = Math.max(1, Math.ceil(all.length / perPage));
  const to = (target: number, rel: string) => {
    const query = new URLSearchParams([...call.query]);
    query.set('page', String(target));
    return `<${call.core.urls.api}${call.path}?${query}>; rel="${rel}"`;
  };
  const links: string[] = [];
  if (number > 1) links.push(to(Math.min(number - 1, last), 'prev'));
  if (number < last) links.push(to(number + 1, 'next'), to(last, 'last'));
  if (number > 1) links.push(to(1, 'first'));
  const start = (number - 1) * perPage;
  return { items: all.slice(start, start + perPage), link: links.join(', ') };
}

function numberOf(call: Call, name: string, fallback: number): number {
  const value = Number(call.query.get(name) ?? fallback);
  return Number.isInteger(value) && value > 0 ? value : fallback;
}
