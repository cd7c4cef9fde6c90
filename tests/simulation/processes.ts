/**
 * Processes that share one thread and die at any call of a port. Every such call waits at a gate
 * until the scheduler lets it pass: that is what decides the order of everything. At the gate a
 * fault may strike: the call fails, its answer is lost, or the process dies before or after it. Who
 * waits in a dead process waits for ever, as nothing of it goes on.
 */
import { GatehouseError } from '@gatehouse/model';
import type { Chance } from './random.ts';

/** What is on the other side of a port. */
export type Outside = 'redis' | 'github';

/** A process that can be started again. */
export interface Process {
  readonly name: string;
  /** Grows with every death. */
  readonly life: number;
  /** Makes a port whose calls wait at gates; of no use any more when this life ends. */
  through<T extends object>(outside: Outside, port: T): T;
}

/** How often faults strike, and how many there may be: all has to end some day. */
export interface Faults {
  readonly probability: number;
  left: number;
}

/** A call of a port that waits. */
export interface Gate {
  readonly process: Process;
  readonly life: number;
  readonly label: string;
  /** Rounds that it still sleeps: some calls take long, while everything else goes on. */
  asleep: number;
  open(passage: Passage): void;
}

/** How many calls are slow, and for how many rounds at most. */
const SLOW_PROBABILITY = 0.08;
const SLOW_ROUNDS_MAX = 250;

type Passage = 'free' | 'fails' | 'answer-lost' | 'dies-before' | 'dies-after';

/** All processes and the gates in them. */
export interface Gates {
  process(name: string): Process;
  /** Calls that wait now and are not slow; a round passes each time this is asked. */
  awake(): readonly Gate[];
  /** All that wait. */
  waiting(): readonly Gate[];
  /** Lets one pass, or not. */
  pass(gate: Gate): void;
  /** Ends a life of a process, unless it is over. */
  kill(process: Process, life: number): void;
  /** What happened, for people who look into a failure. */
  readonly trace: string[];
}

/** What the gates work with. */
export interface GatesDeps {
  readonly chance: Chance;
  readonly faults: Faults;
  /** Told when a process died. */
  onDeath(process: Process): void;
}

/** No process yet. */
export function createGates({ chance, faults, onDeath }: GatesDeps): Gates {
  let gates: Gate[] = [];
  const trace: string[] = [];

  function die(process: Process & { life: number }): void {
    process.life += 1;
    trace.push(`${process.name} dies`);
    gates = gates.filter((gate) => gate.process !== process);
    onDeath(process);
  }

  function passageNow(): Passage {
    if (faults.left === 0 || !chance.happens(faults.probability)) return 'free';
    faults.left -= 1;
    return chance.pick(['fails', 'answer-lost', 'dies-before', 'dies-after'] as const);
  }

  async function call(
    process: Process & { life: number },
    about: { readonly outside: Outside; readonly label: string; readonly life: number },
    act: () => unknown,
  ): Promise<unknown> {
    const { label, outside, life } = about;
    if (process.life !== life) return new Promise<never>(() => undefined);
    const passage = await new Promise<Passage>((open) => {
      const isSlow = chance.happens(SLOW_PROBABILITY);
      const asleep = isSlow ? Math.floor(chance.next() * SLOW_ROUNDS_MAX) : 0;
      gates.push({ process, life, label, asleep, open });
    });
    trace.push(`${process.name} ${label}${passage === 'free' ? '' : ` (${passage})`}`);
    if (passage === 'fails') throw unavailable(outside);
    if (passage === 'dies-before') return dead(() => die(process));
    const result = await act();
    if (passage === 'dies-after') return dead(() => die(process));
    if (passage === 'answer-lost') throw unavailable(outside);
    return result;
  }

  function processNamed(name: string): Process {
    const process = {
      name,
      life: 1,
      through: <T extends object>(outside: Outside, port: T): T => {
        const { life } = process;
        return new Proxy(port, {
          get: (target, key) => {
            const member: unknown = Reflect.get(target, key);
            if (typeof member !== 'function') return member;
            const label = `${outside} ${String(key)}`;
            return (...given: unknown[]) =>
              call(process, { outside, label, life }, () => member.apply(target, given));
          },
        });
      },
    };
    return process;
  }

  return {
    process: processNamed,
    awake: () => {
      for (const gate of gates) gate.asleep -= 1;
      return gates.filter((gate) => gate.asleep < 0);
    },
    waiting: () => gates,
    pass: (gate) => {
      gates = gates.filter((one) => one !== gate);
      gate.open(passageNow());
    },
    kill: (process, life) => {
      // Every process was made here.
      if (process.life === life) die(process as Process & { life: number });
    },
    trace,
  };
}

function dead(die: () => void): Promise<never> {
  die();
  return new Promise<never>(() => undefined);
}

function unavailable(outside: Outside): GatehouseError {
  return outside === 'redis'
    ? new GatehouseError('GATE_REDIS_UNAVAILABLE', 'Redis did not answer')
    : new GatehouseError('GATE_GITHUB_UNAVAILABLE', 'GitHub did not answer');
}
