/** Whether what is shown is up to date. */
import { useEffect, useState } from 'preact/hooks';
import { useLiveMode } from '../hooks.ts';

/** A short interruption is not worth a word. */
const SILENT_MS = 1500;

/** A dot and a word, always of the same width. */
export function ConnectionMark() {
  const isAway = useIsAway();
  const mode = useLiveMode();
  const word = mode === 'connecting' ? 'Connecting' : 'Live';
  return (
    <span
      class={`connection ${isAway ? 'away' : mode}`}
      title={isAway ? AWAY : 'Updates by itself'}
    >
      <span class="dot" aria-hidden="true" />
      {isAway ? 'Offline' : word}
    </span>
  );
}

/** Says what is the matter, and that nothing has to be done about it. */
export function AwayNotice() {
  const isAway = useIsAway();
  return (
    <div class="away-notice" role="status">
      {isAway && <p>{navigator.onLine ? AWAY : NO_NETWORK}</p>}
    </div>
  );
}

const AWAY = 'The service does not answer. What you see may be out of date; trying again…';
const NO_NETWORK =
  'This device is offline. What you see may be out of date; it goes on when the network is back.';

/** True once the connection has been away for a while. */
function useIsAway(): boolean {
  const isAway = useLiveMode() === 'away';
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    if (!isAway) {
      setIsShown(false);
      return undefined;
    }
    const timer = setTimeout(() => setIsShown(true), SILENT_MS);
    return () => clearTimeout(timer);
  }, [isAway]);
  return isShown;
}
