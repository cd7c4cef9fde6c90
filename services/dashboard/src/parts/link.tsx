/** A link to another page of the dashboard, which is gone to without loading it. */
import type { ComponentChildren } from 'preact';
import { useServices } from '../services.ts';

/** A plain click is ours; with a key held down, or another button, it is the browser's. */
export function Link(props: {
  readonly href: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}) {
  const { navigation } = useServices();
  const go = (event: MouseEvent): void => {
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (!isPlain || event.altKey) return;
    event.preventDefault();
    navigation.go(props.href);
  };
  return (
    <a href={props.href} class={props.class} onClick={go}>
      {props.children}
    </a>
  );
}
