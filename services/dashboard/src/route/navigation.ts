/** Where the reader is, and going elsewhere without loading a page. */
import { pathOf, type Route, routeOf } from './router.ts';

/** The browser's address, as a route. */
export interface Navigation {
  readonly route: Route;
  /** True once the reader has gone somewhere: the first page keeps the browser's own focus. */
  readonly hasMoved: boolean;
  href(route: Exclude<Route, { page: 'unknown' }>): string;
  go(address: string): void;
  /** Calls `listener` after each move. @returns ends it */
  onMove(listener: () => void): () => void;
}

/** @param base as `baseOf` gives it */
export function createNavigation(base: string): Navigation {
  const listeners = new Set<() => void>();
  let route = routeOf(base, location.pathname);
  let hasMoved = false;

  const move = (): void => {
    route = routeOf(base, location.pathname);
    hasMoved = true;
    for (const listener of listeners) listener();
  };
  window.addEventListener('popstate', move);
  return {
    get route() {
      return route;
    },
    get hasMoved() {
      return hasMoved;
    },
    href: (to) => pathOf(base, to),
    go: (address) => {
      if (address !== location.pathname) history.pushState(null, '', address);
      move();
      scrollTo(0, 0);
    },
    onMove: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
