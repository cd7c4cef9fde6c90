import type { Timer, TimerStore } from '@gatehouse/ports';
import { type MemoryTenants, postInto } from './shared-mailboxes.ts';

/** Wake-ups in a map. */
export function memoryTimerStore(shared: MemoryTenants): TimerStore {
  const timers = new Map<string, Timer>();
  const byDueTime = () => [...timers].sort(([, a], [, b]) => a.dueAt - b.dueAt);
  return {
    setTimer: async (timer) => {
      timers.set(`${timer.tenant}|${timer.key}`, timer);
    },
    cancelTimer: async (tenant, key) => {
      timers.delete(`${tenant}|${key}`);
    },
    fireDueTimers: async (now, timersMax) => {
      const due = byDueTime().filter(([, timer]) => timer.dueAt <= now);
      const fired = due.slice(0, timersMax);
      for (const [name, { tenant, event }] of fired) {
        postInto(shared, { tenant, event });
        timers.delete(name);
      }
      return [...new Set(fired.map(([, { tenant }]) => tenant))];
    },
    nextTimerAt: async () => byDueTime()[0]?.[1].dueAt ?? null,
  };
}
