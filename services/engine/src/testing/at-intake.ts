import type { ChangeObserved, EngineEvent } from '@gatehouse/pipeline';
import type { Notice } from '@gatehouse/ports';
import type { EngineDeps } from '../deps.ts';
import { createIntake } from '../intake/intake.ts';
import { onTry, type World, world } from './world.ts';

/** Intake in its surroundings. */
export interface AtIntake {
  readonly around: World;
  readonly intake: ReturnType<typeof createIntake>;
  /** Works on a delivery; gives the events that wait then. */
  deliver(notice: Notice | string, attempt?: number): Promise<readonly EngineEvent[]>;
  /** Works on a delivery; gives the change that it made known. */
  observed(notice: Notice): Promise<ChangeObserved>;
  /** How each delivery ended. */
  outcomes(): readonly unknown[];
}

/** Makes it. @param different replaces parts of what intake works with. */
export function atIntake(different: (around: World) => Partial<EngineDeps> = () => ({})): AtIntake {
  const around = world();
  const intake = createIntake({ ...around.deps, ...different(around) });
  const deliver: AtIntake['deliver'] = async (notice, attempt = 5) => {
    const deliveryId = await around.claim(notice);
    around.host.calls.length = 0;
    await intake.handle({ kind: 'delivery', deliveryId, event: 'any' }, onTry(attempt));
    return around.mailbox();
  };
  return {
    around,
    intake,
    deliver,
    observed: async (notice) => {
      const event = (await deliver(notice)).at(-1);
      if (event?.type !== 'ChangeObserved') throw new Error('nothing was observed');
      return event;
    },
    outcomes: () =>
      around.log.lines
        .filter((line) => line.message === 'delivery worked on')
        .map((line) => line.fields.outcome),
  };
}
