/** Moments and durations that stay right while they are looked at. */
import { useNow } from '../hooks.ts';
import { absolute, ago, clock, duration, took } from '../time/format.ts';

/** `5 min ago`, with the moment itself on hover. @param props `at` ms since 1970 */
export function Ago({ at }: { readonly at: number }) {
  const now = useNow(true);
  return (
    <time dateTime={new Date(at).toISOString()} title={absolute(at)}>
      {ago(at, now)}
    </time>
  );
}

/** `3:20`, counting while `to` is null. Nothing is shown before it began. */
export function Elapsed(props: { readonly from: number | null; readonly to: number | null }) {
  const { from, to } = props;
  const now = useNow(from !== null && to === null);
  if (from === null) return <span class="elapsed" />;
  const ms = (to ?? now) - from;
  return (
    <time
      class="elapsed"
      dateTime={`PT${Math.max(0, Math.floor(ms / 1000))}S`}
      title={duration(ms)}
    >
      {to === null ? clock(ms) : took(ms)}
    </time>
  );
}
