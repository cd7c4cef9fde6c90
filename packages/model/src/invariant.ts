import { GatehouseError } from './errors.ts';

/**
 * States what must be true if our own code is right. Stays on in production: a broken invariant
 * stops the change queue in whose work it broke, not the service.
 * @throws GatehouseError `GATE_INVARIANT` with `sentence` when `condition` is false.
 */
export function invariant(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new GatehouseError('GATE_INVARIANT', sentence);
}

/** Closes a `switch` over a union: the compiler refuses it while a case is missing. */
export function assertNever(value: never): never {
  throw new GatehouseError('GATE_INVARIANT', `unexpected value ${JSON.stringify(value)}`);
}
