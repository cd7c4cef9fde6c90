import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { GatehouseError } from '@gatehouse/model';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { command } from './testing/builders.ts';
import { isAlive } from './testing/processes.ts';
import { leftWorkspaces, openWorld, type World } from './testing/world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

test('an announced cancellation ends a running job, and nothing is reported', async () => {
  await world.storeItem({ execution: command('echo ready; sleep 987006') });
  const launched = world.launch();
  await world.logs.waitFor('\nready\n');

  await world.store.announcements.announce('builds', { cancel: 'run-0.0' });
  const outcome = await launched;

  expect(outcome).toBe('done');
  expect(isAlive('sleep 987006')).toBe(false);
  expect(await world.result()).toBeNull();
  expect(await leftWorkspaces(world)).toEqual([]);
});

test('a cancel message ends a running job', async () => {
  await world.storeItem({
    execution: command('echo ready; sleep 987007', { postRun: ['echo post'] }),
  });
  const launched = world.launch();
  await world.logs.waitFor('\nready\n');

  await world.cancel();
  await launched;

  expect(isAlive('sleep 987007')).toBe(false);
  expect(await world.result()).toBeNull();
  expect(world.logs.text()).not.toContain('\npost\n');
});

test('a heartbeat finds a closed build when its announcement was missed', async () => {
  await using other = await openWorld({ heartbeatMs: 20 });
  const item = await other.storeItem({ execution: command('echo ready; sleep 987008') });
  const launched = other.launch();
  await other.logs.waitFor('\nready\n');

  for (const build of item.builds) await other.store.builds.closeBuild(build.id);
  await launched;

  expect(isAlive('sleep 987008')).toBe(false);
});

test('a runner that stops ends its jobs and hands their messages back', async () => {
  await world.storeItem({ execution: command('echo ready; sleep 987009') });
  const launched = world.launch();
  await world.logs.waitFor('\nready\n');

  await world.runner.stop();
  const outcome = await launched;

  expect(outcome).toEqual({ againInMs: 0 });
  expect(isAlive('sleep 987009')).toBe(false);
  expect(await world.result()).toBeNull();
  expect(world.runner.isRunning).toBe(false);
});

test('a runner that is stopped while it starts takes nothing', async () => {
  await world.runner.stop();
  const starting = world.runner.start();

  await world.runner.stop();
  await starting;

  expect(world.runner.isRunning).toBe(false);
  await world.runner.start();
  expect(world.runner.isRunning).toBe(true);
});

test('a message that comes twice runs the job once', async () => {
  await world.storeItem({ execution: command('echo ran >> ../../../ran; sleep 0.2') });

  await Promise.all([world.launch(), world.launch()]);
  const again = await world.launch();

  expect(again).toBe('done');
  expect((await world.events()).filter(({ type }) => type === 'BuildCompleted')).toHaveLength(1);
  const ran = execFileSync('cat', [join(world.dataDir, 'workspaces', 'ran')], { encoding: 'utf8' });
  expect(ran).toBe('ran\n');
});

test('a result is kept in hand while Redis does not take it', async () => {
  let refusals = 2;
  await using other = await openWorld({
    builds: (register) => ({
      ...register,
      acceptResult: async (report) => {
        refusals -= 1;
        if (refusals >= 0) throw new GatehouseError('GATE_REDIS_UNAVAILABLE', 'connection lost');
        return register.acceptResult(report);
      },
    }),
  });
  await other.storeItem({ execution: command('true') });

  const outcome = await other.launch();

  expect(outcome).toBe('done');
  expect(await other.result()).toMatchObject({ result: 'SUCCESS' });
});

test('an attempt that its runner left begins anew and says so', async () => {
  const build = { phase: 'running' as const, startedAt: 1 };
  await world.storeItem({ execution: command('true'), build });

  await world.launch();

  expect(await world.result()).toMatchObject({ result: 'SUCCESS' });
  expect(world.logs.text()).toContain('its runner went away before it was over');
});

test('a message about an attempt that does not count does nothing', async () => {
  await world.storeItem({ execution: command('true'), build: { attempt: 2 } });

  const outcome = await world.launch('run-0.0', 1);

  expect(outcome).toBe('done');
  expect(await world.events()).toEqual([]);
});

test('an attempt that follows a failed one begins after a pause', async () => {
  const build = { attempt: 3, launchedAt: Date.now() };
  await world.storeItem({ execution: command('true'), build });

  const outcome = await world.launch('run-0.0', 3);

  expect(outcome).toEqual({ againInMs: expect.closeTo(2_000, -3) });
});

test('a launch that the queue gives up becomes a visible end', async () => {
  const item = await world.storeItem({ execution: command('true') });
  const { id: build, attempt } = item.builds[0] ?? { id: null, attempt: 0 };
  if (build === null) throw new Error('the item has a build');
  const message = { tenant: item.tenant, buildset: item.buildset, build, attempt };

  await world.queue.giveUp(
    { ...message, key: 'k' as never, action: 'launch' },
    new Error('stalled more often than it may'),
  );

  expect(await world.result()).toMatchObject({
    result: 'RETRY',
    detail: 'the runner could not run the job: stalled more often than it may',
  });
});
