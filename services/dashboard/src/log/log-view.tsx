/**
 * The log of one job. At the end it follows; scrolled up it stays where the reader is.
 */
import type { BuildView } from '@gatehouse/contracts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Link } from '../parts/link.tsx';
import { useServices } from '../services.ts';
import { sizeText } from './lines.ts';
import { LOADING, type LogFeed, type LogState, openLog } from './log-feed.ts';
import { createScreen } from './screen.ts';

/** @param props `isTall`: it is what the page is for */
export function LogView(props: { readonly build: BuildView; readonly isTall?: boolean }) {
  const { build, isTall = false } = props;
  const { api, navigation } = useServices();
  const { pane, lines, feed, state, isFollowing, onScroll, toEnd } = useLog(build);
  const path = `builds/${encodeURIComponent(build.id)}/log/full`;
  return (
    <div class={`panel log ${isTall ? 'tall' : ''}`}>
      <div class="log-head">
        <h2>
          Log of <bdi>{build.job}</bdi>
        </h2>
        <span class="quiet log-state">{stateText(state, isFollowing)}</span>
        <button type="button" class="plain" onClick={toEnd} disabled={isFollowing}>
          Go to end
        </button>
        {!isTall && <Link href={navigation.href({ page: 'build', id: build.id })}>Own page</Link>}
        {state.mode !== 'gone' && <a href={api.address(path)}>Plain text</a>}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so a keyboard must reach it */}
      <section class="log-pane" ref={pane} tabIndex={0} aria-label="Output" onScroll={onScroll}>
        {state.start > 0 && (
          <button type="button" class="plain earlier" onClick={() => feed.current?.loadEarlier()}>
            Load earlier output ({sizeText(state.start)} more)
          </button>
        )}
        <pre class="log-lines" ref={lines} />
        {state.end === 0 && <p class="quiet">{emptyText(state)}</p>}
      </section>
    </div>
  );
}

function stateText({ mode, end }: LogState, isFollowing: boolean): string {
  if (mode === 'loading') return 'Loading…';
  if (mode === 'gone') return 'Not kept';
  if (mode === 'complete') return `Complete, ${sizeText(end)}`;
  return isFollowing ? 'Live, following the end' : 'Live, paused here';
}

function emptyText({ mode }: LogState): string {
  if (mode === 'loading') return '';
  if (mode === 'gone') return 'No log of this job is kept: old ones are removed after a while.';
  return mode === 'complete' ? 'The job wrote nothing.' : 'Nothing is written yet.';
}

/** So near to the end counts as the end, in pixels. */
const END_PX = 24;

function useLog({ id, phase }: BuildView) {
  const { api, live } = useServices();
  const isOver = useRef(false);
  isOver.current = phase === 'completed';
  const pane = useRef<HTMLElement>(null);
  const lines = useRef<HTMLPreElement>(null);
  const feed = useRef<LogFeed | null>(null);
  const following = useRef(true);
  const [state, setState] = useState<LogState>(LOADING);
  const [isFollowing, setIsFollowing] = useState(true);

  useEffect(() => {
    const ending = new AbortController();
    if (lines.current === null) return undefined;
    feed.current = openLog(
      {
        api,
        live,
        screen: createScreen(lines.current),
        signal: ending.signal,
        onState: setState,
        isOver: () => isOver.current,
        isFollowing: () => following.current,
        keepPlace: (draw) => keepPlace(pane.current, { draw, isAtEnd: following.current }),
      },
      id,
    );
    return () => ending.abort();
  }, [api, live, id]);

  const onScroll = (): void => {
    const at = pane.current;
    if (at === null) return;
    following.current = at.scrollHeight - at.scrollTop - at.clientHeight < END_PX;
    setIsFollowing(following.current);
  };
  const toEnd = (): void => {
    const at = pane.current;
    if (at !== null) at.scrollTop = at.scrollHeight;
  };
  return { pane, lines, feed, state, isFollowing, onScroll, toEnd };
}

/** What is added above moves the reader along; what is added below shows to who is at the end. */
function keepPlace(
  pane: HTMLElement | null,
  { draw, isAtEnd }: { readonly draw: () => void; readonly isAtEnd: boolean },
): void {
  const first = pane?.querySelector('pre')?.firstElementChild ?? null;
  const before = first?.getBoundingClientRect().top ?? 0;
  draw();
  if (pane === null) return;
  if (isAtEnd) pane.scrollTop = pane.scrollHeight;
  else if (first?.isConnected) pane.scrollTop += first.getBoundingClientRect().top - before;
}
