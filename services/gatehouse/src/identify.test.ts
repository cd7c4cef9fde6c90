import { GatehouseError } from '@gatehouse/model';
import { recordingLog } from '@gatehouse/testkit';
import { expect, it } from 'vitest';
import { identify } from './identify.ts';

it('says who this App is', async () => {
  const log = recordingLog();

  await identify({ connect: async () => ({ slug: 'gatehouse' }), log }, AbortSignal.abort());
  await identify(
    { connect: async () => ({ slug: 'gatehouse' }), log },
    new AbortController().signal,
  );

  expect(log.lines).toMatchObject([{ level: 'info', fields: { app: 'gatehouse' } }]);
});

it('stops the start when GitHub does not take the key', async () => {
  const connect = () => Promise.reject(new GatehouseError('GATE_GITHUB_REFUSED', 'wrong key'));

  await expect(
    identify({ connect, log: recordingLog() }, new AbortController().signal),
  ).rejects.toThrow('wrong key');
});

it('does not hold up the start while GitHub is away, and stops asking when the service stops', async () => {
  const stopping = new AbortController();
  const log = recordingLog();
  let asked = 0;
  const connect = () => {
    asked += 1;
    stopping.abort();
    return Promise.reject(new GatehouseError('GATE_GITHUB_UNAVAILABLE', 'away'));
  };

  await identify({ connect, log }, stopping.signal);

  expect(asked).toBe(1);
  expect(log.lines).toMatchObject([{ level: 'warn' }]);
});
