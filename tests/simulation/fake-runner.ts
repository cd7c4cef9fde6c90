/** A runner whose jobs end as the title of their change says; it keeps the runner's own rules. */
import { eventId, type Json } from '@gatehouse/model';
import { type Build, type Item, itemRecordKey, readItem } from '@gatehouse/pipeline';
import type {
  BuildRegister,
  Clock,
  MessageCatalogue,
  TenantStore,
  WorkQueue,
} from '@gatehouse/ports';

/** What it works with. */
export interface FakeRunnerDeps {
  readonly queue: WorkQueue;
  readonly tenants: TenantStore;
  readonly builds: BuildRegister;
  readonly clock: Clock;
}

type Message = MessageCatalogue['launches'];

/** Starts it. */
export async function startFakeRunner(deps: FakeRunnerDeps): Promise<void> {
  const worker = deps.queue.work('launches', {
    concurrency: 4,
    handle: async (message) => {
      if (message.action === 'cancel') await deps.builds.closeBuild(message.build);
      else await launch(deps, message);
      return 'done';
    },
    onExhausted: (message, error) => {
      throw new Error(`a launch of ${message.build} was given up`, { cause: error });
    },
  });
  await worker.start();
}

async function launch(deps: FakeRunnerDeps, message: Message): Promise<void> {
  const { tenant, buildset } = message;
  const [record] = await deps.tenants.readRecords(tenant, [itemRecordKey(buildset)]);
  const item = record == null ? null : readItem(record);
  const build = item?.builds.find((one) => one.id === message.build);
  if (item === null || build?.attempt !== message.attempt || build.phase === 'completed') return;
  const ticket = { build: build.id, buildset, tenant, attempt: build.attempt, tokenHash: null };
  const opened = await deps.builds.openAttempt(ticket);
  if (opened === 'opened') {
    await deps.builds.acceptStart(reportOf(deps, { item, build }, 'started'));
    await deps.queue.send('turns', { tenant });
    const result = resultOf(item, build);
    if (result === null) return;
    await deps.builds.acceptResult(reportOf(deps, { item, build }, result));
  }
  await deps.queue.send('turns', { tenant });
}

/** Null: it is never heard of again. */
function resultOf({ change }: Item, { job, attempt }: Build): string | null {
  const title = change.kind === 'proposed' ? change.title : '';
  if (title.includes(`silence ${job.name}`)) return null;
  if (title.includes(`retry ${job.name}`) && attempt === 1) return 'RETRY';
  return title.includes(`break ${job.name}`) ? 'FAILURE' : 'SUCCESS';
}

function reportOf(
  { clock }: FakeRunnerDeps,
  { item, build }: { item: Item; build: Build },
  said: string,
) {
  const isStart = said === 'started';
  const base = {
    id: eventId(`${build.id}/${build.attempt}/${isStart ? said : 'completed'}`),
    tenant: item.tenant,
    at: clock.now(),
    buildset: item.buildset,
    build: build.id,
    attempt: build.attempt,
    logUrl: null,
  };
  const body: Json = isStart
    ? { ...base, type: 'BuildStarted', hasLog: true }
    : { ...base, type: 'BuildCompleted', result: said, detail: null, data: {} };
  const event = { id: base.id, body };
  return { build: build.id, attempt: build.attempt, tokenHash: null, resultHash: said, event };
}
