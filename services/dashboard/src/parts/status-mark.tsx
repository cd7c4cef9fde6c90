/** A state as icon, word and colour. */
import type { Icon, Status } from '../view/status.ts';

/** Paths for a 16 by 16 grid, drawn with strokes. */
const paths: Readonly<Record<Icon, string>> = {
  check: 'M3.5 8.5l3 3 6-7',
  cross: 'M4.5 4.5l7 7m0-7l-7 7',
  alert: 'M8 2.2l6.2 11.3H1.8zM8 6.7v3m0 1.7v.2',
  spin: 'M8 2.5a5.5 5.5 0 1 1-5.2 3.7',
  clock: 'M8 4.5V8l2.5 1.5M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z',
  skip: 'M4 8h8',
  stop: 'M5 5h6v6H5z',
};

/** The icon alone; the word beside it says the same. */
export function StatusIcon({ status }: { readonly status: Status }) {
  return (
    <svg class={`icon ${status.tone} icon-${status.icon}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[status.icon]} />
    </svg>
  );
}

/** Icon and word. @param props `size` `large` beside headings */
export function StatusMark(props: { readonly status: Status; readonly size?: 'large' }) {
  const { status, size } = props;
  return (
    <span class={`status ${status.tone}${size === undefined ? '' : ` ${size}`}`}>
      <StatusIcon status={status} />
      {status.word}
    </span>
  );
}
