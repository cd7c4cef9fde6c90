/** Switches that stop builds which run here, by the build's id. */
import type { Log } from '@gatehouse/ports';
import { type Attempt, attemptFields } from './attempt.ts';

/** One running build. */
export interface StopSwitch {
  readonly signal: AbortSignal;
  /** Asks at once whether the build is wanted, and stops it when it is not. */
  check(): Promise<boolean>;
  /** Forgets the build. */
  release(): void;
}

/** All builds that run here. */
export interface StopSwitches {
  /** Watches over a build until it is released; `isWanted` is asked at every beat. */
  add(attempt: Attempt, isWanted: () => Promise<boolean>): StopSwitch;
  /** Stops a build; one that does not run here is left alone. */
  stop(build: string): void;
}

/** @param heartbeatMs between two questions whether a build is still wanted. */
export function createStopSwitches(log: Log, heartbeatMs: number): StopSwitches {
  const running = new Map<string, AbortController>();
  return {
    add(attempt, isWanted) {
      const controller = new AbortController();
      running.set(attempt.build.id, controller);

      async function check(): Promise<boolean> {
        try {
          if (!(await isWanted())) controller.abort();
        } catch (error) {
          // Not knowing is no reason to stop work; the next beat asks again.
          log.debug({ ...attemptFields(attempt), err: error }, 'a heartbeat got no answer');
        }
        return !controller.signal.aborted;
      }

      const timer = setInterval(() => void check(), heartbeatMs);
      return {
        signal: controller.signal,
        check,
        release() {
          clearInterval(timer);
          if (running.get(attempt.build.id) === controller) running.delete(attempt.build.id);
        },
      };
    },
    stop(build) {
      running.get(build)?.abort();
    },
  };
}
