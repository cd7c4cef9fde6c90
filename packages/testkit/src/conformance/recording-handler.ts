/** Handlers for the conformance suite of the work queue. */
import { deliveryId } from '@gatehouse/model';
import type {
  MessageCatalogue,
  MessageContext,
  MessageOutcome,
  QueueCount,
  QueueName,
  QueueWorker,
  WorkQueue,
} from '@gatehouse/ports';
import { vi } from 'vitest';

/** Long enough for a busy machine. */
export const waitOptions = { timeout: 10_000, interval: 5 };

/** What a test wants done with messages. */
export interface Handler<Name extends QueueName> {
  readonly concurrency?: number;
  handle(message: MessageCatalogue[Name], context: MessageContext): unknown;
  onExhausted?(message: MessageCatalogue[Name], error: Error): Promise<void>;
}

/** Starts a worker. */
export async function handled<Name extends QueueName>(
  queue: WorkQueue,
  name: Name,
  handler: Handler<Name>,
): Promise<QueueWorker> {
  const worker = queue.work(name, {
    concurrency: handler.concurrency ?? 1,
    handle: async (message, context) => {
      const outcome = await handler.handle(message, context);
      const isAgain = typeof outcome === 'object' && outcome !== null && 'againInMs' in outcome;
      return isAgain ? { againInMs: Number(outcome.againInMs) } : 'done';
    },
    onExhausted: async (message, error) => handler.onExhausted?.(message, error),
  });
  await worker.start();
  return worker;
}

/** A handler that notes what it was given, and does what it was told to. */
export function recorder({ isHeld = false, concurrency = 1 } = {}) {
  const contexts: MessageContext[] = [];
  const givenUp: [object, string][] = [];
  const script: (MessageOutcome | Error)[] = [];
  const gate = Promise.withResolvers<void>();
  if (!isHeld) gate.resolve();
  let atOnce = 0;
  let giveUpFailures = 0;
  const own = {
    concurrency,
    contexts,
    givenUp,
    mostAtOnce: 0,
    release: () => gate.resolve(),
    failFirst: (count: number, error: Error) => script.push(...Array(count).fill(error)),
    answerFirst: (count: number, answer: MessageOutcome) =>
      script.push(...Array(count).fill(answer)),
    failGivingUp: (count: number) => {
      giveUpFailures = count;
    },
    times: (count: number) => vi.waitUntil(() => contexts.length >= count, waitOptions),
    handle: async (_message: object, context: MessageContext): Promise<MessageOutcome> => {
      contexts.push(context);
      atOnce += 1;
      own.mostAtOnce = Math.max(own.mostAtOnce, atOnce);
      await gate.promise;
      atOnce -= 1;
      const next = script.shift() ?? 'done';
      if (next instanceof Error) throw next;
      return next;
    },
    onExhausted: async (message: object, error: Error): Promise<void> => {
      giveUpFailures -= 1;
      if (giveUpFailures >= 0) throw new Error('not now');
      givenUp.push([message, error.message]);
    },
  };
  return own;
}

/** An event of its own id. */
export function eventOf(id: string) {
  return { kind: 'delivery' as const, deliveryId: deliveryId(id), event: 'push' };
}

/** True when nothing waits or is in hand. */
export function isEmpty(count: QueueCount): boolean {
  return count.waiting + count.active + count.delayed === 0;
}
