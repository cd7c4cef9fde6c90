/**
 * The states of an item.
 *
 *   preparing --prepare--> running   --conclude--> completed  --wedge--> wedged
 *   running   --progress--> running  --conclude--> completed  --wedge--> wedged
 *   wedged    --conclude--> completed (somebody takes it out)
 *   completed : over; whatever is still said about it is ignored
 *
 * `conclude` stands for every end: all builds over, cancelled, in conflict, misconfigured.
 * Events are doubled and late as a matter of course, so most pairs off the path are ignored.
 */
import { invariant } from '@gatehouse/model';
import type { ItemPhase } from '../state.ts';

/** What can happen to an item. */
export type ItemInput = 'prepare' | 'progress' | 'conclude' | 'wedge';

/** An answer of the table: the next phase, ignored with the reason, or impossible. */
export type ItemTransition =
  | { readonly to: ItemPhase }
  | { readonly ignored: string }
  | 'impossible';

const over: ItemTransition = { ignored: 'item-is-over' };
const wedged: ItemTransition = { ignored: 'item-is-wedged' };

/** Every pair of phase and input. */
export const itemTransitions: Readonly<
  Record<ItemPhase, Readonly<Record<ItemInput, ItemTransition>>>
> = {
  preparing: {
    prepare: { to: 'running' },
    // There are no builds before the item is prepared.
    progress: 'impossible',
    conclude: { to: 'completed' },
    wedge: { to: 'wedged' },
  },
  running: {
    prepare: { ignored: 'item-is-prepared' },
    progress: { to: 'running' },
    conclude: { to: 'completed' },
    wedge: { to: 'wedged' },
  },
  completed: { prepare: over, progress: over, conclude: over, wedge: over },
  wedged: { prepare: wedged, progress: wedged, conclude: { to: 'completed' }, wedge: wedged },
};

/** The phase that follows; null when the input is ignored. @throws invariant when impossible. */
export function nextItemPhase(phase: ItemPhase, input: ItemInput): ItemPhase | null {
  const transition = itemTransitions[phase][input];
  invariant(transition !== 'impossible', `an item that is ${phase} cannot ${input}`);
  return 'to' in transition ? transition.to : null;
}
