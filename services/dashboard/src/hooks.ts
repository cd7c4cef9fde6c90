/** What components remember and listen to. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Seen } from './data/follow.ts';
import type { LiveMode } from './data/live.ts';
import type { Route } from './route/router.ts';
import { useServices } from './services.ts';

/** What the service says at a path of the read API, kept up to date. */
export function useSeen<T>(path: string): Seen<T> {
  const { follower } = useServices();
  const [shown, setShown] = useState(() => ({ path, seen: follower.last<T>(path) }));
  useEffect(() => follower.follow<T>(path, (seen) => setShown({ path, seen })), [follower, path]);
  return shown.path === path ? shown.seen : follower.last<T>(path);
}

/** The service's time in milliseconds since 1970, anew every second while `isTicking`. */
export function useNow(isTicking: boolean): number {
  const { ticker } = useServices();
  const [, setBeat] = useState(0);
  useEffect(
    () => (isTicking ? ticker.onSecond(() => setBeat((beat) => beat + 1)) : undefined),
    [ticker, isTicking],
  );
  return ticker.now();
}

/** How the connection is. */
export function useLiveMode(): LiveMode {
  const { live } = useServices();
  const [mode, setMode] = useState(live.mode);
  useEffect(() => {
    setMode(live.mode);
    return live.onMode(() => setMode(live.mode));
  }, [live]);
  return mode;
}

/** Where the reader is. */
export function useRoute(): Route {
  const { navigation } = useServices();
  const [route, setRoute] = useState(navigation.route);
  useEffect(() => navigation.onMove(() => setRoute(navigation.route)), [navigation]);
  return route;
}

/** Names the page in the browser's title. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Gatehouse`;
  }, [title]);
}

/**
 * A heading that takes the focus when the reader has come to its page from another one, so that
 * the next Tab and the screen reader go on there.
 */
export function useHeading() {
  const { navigation } = useServices();
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    if (navigation.hasMoved) heading.current?.focus({ preventScroll: true });
  }, [navigation]);
  return heading;
}
