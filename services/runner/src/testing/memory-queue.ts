/** A queue whose only worker is handed messages by the test. */
import type {
  MessageCatalogue,
  MessageOutcome,
  QueueName,
  WorkOptions,
  WorkQueue,
} from '@gatehouse/ports';

type LaunchMessage = MessageCatalogue['launches'];

/** The queue and what a test does with it. */
export interface MemoryQueue extends WorkQueue {
  readonly sent: readonly { readonly queue: QueueName; readonly message: object }[];
  /** Has the worker of `launches` handle a message. */
  deliver(message: LaunchMessage): Promise<MessageOutcome>;
  giveUp(message: LaunchMessage, error: Error): Promise<void>;
}

/** Makes an empty queue. */
export function memoryQueue(): MemoryQueue {
  const sent: { queue: QueueName; message: object }[] = [];
  let launches: WorkOptions<'launches'> | null = null;
  let inHand: Promise<unknown>[] = [];
  let isRunning = false;

  function worker(): WorkOptions<'launches'> {
    if (launches === null || !isRunning) throw new Error('nobody works on launches');
    return launches;
  }

  return {
    sent,
    async send(queue, message) {
      sent.push({ queue, message });
    },
    work(name, options) {
      // The runner works on this one queue alone.
      if (name === 'launches') launches = options as unknown as WorkOptions<'launches'>;
      async function stop(): Promise<void> {
        isRunning = false;
        await Promise.allSettled(inHand);
        inHand = [];
      }
      return {
        async start() {
          isRunning = true;
        },
        stop,
        get isRunning() {
          return isRunning;
        },
        [Symbol.asyncDispose]: stop,
      };
    },
    count: async () => ({ waiting: 0, active: 0, delayed: 0 }),
    deliver(message) {
      const signal = new AbortController().signal;
      const outcome = worker().handle(message, { attempt: 1, isLastAttempt: false, signal });
      inHand.push(outcome);
      return outcome;
    },
    giveUp: (message, error) => worker().onExhausted(message, error),
  };
}
