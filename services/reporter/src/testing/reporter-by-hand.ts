import { GatehouseError } from '@gatehouse/model';
import { asJson, type Item, itemRecordKey } from '@gatehouse/pipeline';
import type {
  MessageCatalogue,
  MessageOutcome,
  NoteStore,
  StatusWriter,
  WorkOptions,
  WorkQueue,
} from '@gatehouse/ports';
import { createMetrics } from '@gatehouse/telemetry';
import { type FakeClock, fakeClock, memoryStore, recordingLog } from '@gatehouse/testkit';
import { createReporter, type Reporter } from '../reporter.ts';
import { type FakeCheckRuns, fakeCheckRuns } from './fake-check-runs.ts';
import { publicUrl } from './shown.ts';

type Message = MessageCatalogue['reports'];
type Status = Parameters<StatusWriter['createStatus']>[2];

/** A call of GitHub that is on its way. */
export interface HeldCall {
  /** Resolves when the call was made. */
  readonly made: Promise<void>;
  /** Lets it arrive; its answer is on its way then. */
  arrive(): void;
  /** Lets it be answered. */
  answer(): void;
}

/** A reporter whose messages the test hands out, as often and to as many workers as it likes. */
export interface ReporterByHand {
  readonly reporter: Reporter;
  readonly github: FakeCheckRuns;
  /** As GitHub got them. */
  readonly statuses: Status[];
  readonly notes: NoteStore;
  readonly clock: FakeClock;
  readonly log: ReturnType<typeof recordingLog>;
  /** Messages that the reporter sent itself and that nobody has got. */
  readonly sent: Message[];
  keep(item: Item): Promise<void>;
  /** One worker gets the message about a run. */
  handOut(item: Item, signal?: AbortSignal): Promise<MessageOutcome>;
  /** Hands out what was sent, until nothing is. */
  handOutSent(): Promise<void>;
  /** The next call of this kind takes long. */
  hold(call: 'createCheckRun' | 'updateCheckRun' | 'createStatus'): HeldCall;
  /** The next status gets no answer and is not written. */
  failStatus(): void;
}

/** Nothing was shown yet. @param between what stands between the reporter and its notes. */
export function reporterByHand(
  between: (notes: NoteStore) => NoteStore = (notes) => notes,
): ReporterByHand {
  const store = memoryStore();
  const notes = between(store.notes);
  const clock = fakeClock();
  const log = recordingLog();
  const github = fakeCheckRuns();
  const statuses = fakeStatuses();
  const sent: Message[] = [];
  const held = new Map<string, (call: () => Promise<unknown>) => Promise<unknown>>();
  let options: WorkOptions<'reports'> | null = null;
  let version = 0;

  async function through<T>(name: string, call: () => Promise<T>): Promise<T> {
    const hold = held.get(name);
    held.delete(name);
    return hold === undefined ? call() : ((await hold(call)) as T); // it gives what the call gave
  }

  async function handOut({ tenant, buildset }: Message, signal = new AbortController().signal) {
    if (options === null) throw new Error('the reporter works on no queue');
    return options.handle({ tenant, buildset }, { attempt: 1, isLastAttempt: false, signal });
  }

  const reporter = createReporter({
    queue: queueOf(sent, (given) => {
      options = given;
    }),
    tenants: store.tenants,
    notes,
    checkRuns: {
      ...github,
      createCheckRun: (repository, content) =>
        through('createCheckRun', () => github.createCheckRun(repository, content)),
      updateCheckRun: (repository, checkRun, content) =>
        through('updateCheckRun', () => github.updateCheckRun(repository, checkRun, content)),
    },
    statuses: {
      createStatus: (_repository, _sha, status) =>
        through('createStatus', async () => statuses.write(status)),
    },
    metrics: createMetrics({ version: 'test', hasProcessMetrics: false }),
    clock,
    log,
    publicUrl,
  });

  return {
    ...{ reporter, github, notes, clock, log, sent, handOut },
    statuses: statuses.written,
    failStatus: statuses.fail,
    keep: async (item) => {
      await store.tenants.commit(item.tenant, {
        expectedVersion: version,
        consumed: [],
        writes: [{ key: itemRecordKey(item.buildset), body: asJson(item), timeToLiveMs: null }],
        effects: [],
        live: { added: [], removed: [] },
      });
      version += 1;
    },
    handOutSent: async () => {
      for (let message = sent.shift(); message !== undefined; message = sent.shift()) {
        await handOut(message);
      }
    },
    hold: (name) => {
      const { call, around } = heldCall();
      held.set(name, around);
      return call;
    },
  };
}

function heldCall() {
  const made = Promise.withResolvers<void>();
  const arrival = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const around = async (call: () => Promise<unknown>): Promise<unknown> => {
    made.resolve();
    await arrival.promise;
    const calling = call();
    await answer.promise;
    return calling;
  };
  return {
    around,
    call: { made: made.promise, arrive: arrival.resolve, answer: answer.resolve },
  };
}

function fakeStatuses() {
  const written: Status[] = [];
  let isFailing = false;
  return {
    written,
    fail: () => {
      isFailing = true;
    },
    write: (status: Status) => {
      const fails = isFailing;
      isFailing = false;
      if (fails) throw new GatehouseError('GATE_GITHUB_UNAVAILABLE', 'no answer');
      written.push(status);
    },
  };
}

function queueOf(sent: Message[], onWork: (options: WorkOptions<'reports'>) => void): WorkQueue {
  return {
    send: async (_queue, message) => {
      sent.push(message as Message); // nothing else is sent by a reporter
    },
    count: () => Promise.reject(new Error('not used here')),
    work: (_queue, options) => {
      onWork(options as unknown as WorkOptions<'reports'>); // as above
      const stop = async () => undefined;
      return { start: stop, stop, isRunning: true, [Symbol.asyncDispose]: stop };
    },
  };
}
