/**
 * The log of one job. At the end it follows; scrolled up it stays where the reader is.
 */
import type { BuildsetView, BuildView } from '@gatehouse/contracts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Link } from '../parts/link.tsx';
import { useServices } from '../services.ts';
import { sizeText } from './lines.ts';
import { type LogFeed, type LogState, loading, openLog } from './log-feed.ts';
import { createScreen } from './screen.ts';

interface LogViewProps {
  readonly build: BuildView;
  /** That the build belongs to. */
  readonly run: BuildsetView;
  /** It is what the page is for. */
  readonly isTall?: boolean;
}

/** Shows one try of a build: another one needs a key of its own. */
export function LogView({ build, run, isTall = false }: LogViewProps) {
  const { navigation } = useServices();
  // A run that an internal error ended leaves its builds as they were.
  const isOver = build.phase === 'completed' || run.finished_at_ms !== null;
  const { pane, lines, feed, state, isFollowing, onScroll, toEnd } = useLog(build, isOver);
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
        <PlainText build={build} state={state} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so a keyboard must reach it */}
      <section class="log-pane" ref={pane} tabIndex={0} aria-label="Output" onScroll={onScroll}>
        {state.start > 0 && (
          <button type="button" class="plain earlier" onClick={() => feed.current?.loadEarlier()}>
            Load earlier output ({sizeText(state.start)} more)
          </button>
        )}
        {state.end > 0 && state.attempt < build.attempt && (
          <p class="quiet">
            Try {build.attempt} left no log. This is the log of try {state.attempt}.
          </p>
        )}
        <pre class="log-lines" ref={lines} />
        {state.end === 0 && <p class="quiet">{emptyText(state)}</p>}
      </section>
    </div>
  );
}

/** Of what is shown; while a try has written nothing, of the one before. */
function PlainText(props: { readonly build: BuildView; readonly state: LogState }) {
  const { build, state } = props;
  const { api } = useServices();
  const isWaiting = state.mode === 'waiting';
  if (state.mode === 'gone' || (isWaiting && build.attempt === 1)) return null;
  const path = `builds/${encodeURIComponent(build.id)}/log/full`;
  return isWaiting ? (
    <a href={api.address(path)}>Plain text of an earlier try</a>
  ) : (
    <a href={api.address(`${path}?attempt=${state.attempt}`)}>Plain text</a>
  );
}

function stateText({ mode, end }: LogState, isFollowing: boolean): string {
  if (mode === 'loading') return 'Loading…';
  if (mode === 'waiting') return 'Waiting for output';
  if (mode === 'gone') return 'Not kept';
  if (mode === 'complete') return `Complete, ${sizeText(end)}`;
  return isFollowing ? 'Live, following the end' : 'Live, paused here';
}

function emptyText({ mode }: LogState): string {
  if (mode === 'loading') return '';
  if (mode === 'waiting') return 'This try has written nothing yet.';
  if (mode === 'gone') return 'No log of this job is kept: old ones are removed after a while.';
  return mode === 'complete' ? 'The job wrote nothing.' : 'Nothing is written yet.';
}

/** So near to the end counts as the end, in pixels. */
const END_PX = 24;

function useLog({ id, attempt }: BuildView, isOverNow: boolean) {
  const { api, live } = useServices();
  const isOver = useRef(false);
  isOver.current = isOverNow;
  const pane = useRef<HTMLElement>(null);
  const lines = useRef<HTMLPreElement>(null);
  const feed = useRef<LogFeed | null>(null);
  const following = useRef(true);
  const [state, setState] = useState<LogState>(() => loading(attempt));
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
      { id, attempt },
    );
    return () => ending.abort();
  }, [api, live, id, attempt]);

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
