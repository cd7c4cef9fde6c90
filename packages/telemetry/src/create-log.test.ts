import { GatehouseError } from '@gatehouse/model';
import { expect, test } from 'vitest';
import { createLog, type LogOptions } from './create-log.ts';
import { bindLog } from './log-fields.ts';

function openLog(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const log = createLog({
    level: 'debug',
    destination: { write: (line) => lines.push(line) },
    ...options,
  });
  const entries = () => lines.map((line): unknown => JSON.parse(line));
  return { log, lines, entries };
}

test('a line is one JSON object with level, time, fields and message', () => {
  const { log, entries } = openLog();

  bindLog(log, { delivery_id: 'd-1' }).info({ event: 'push' }, 'Delivery queued');

  expect(entries()).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      delivery_id: 'd-1',
      event: 'push',
      message: 'Delivery queued',
    },
  ]);
});

test('what is below the level is not written', () => {
  const { log, lines } = openLog({ level: 'warn' });

  log.info({}, 'quiet');

  expect(lines).toEqual([]);
});

test('fields that are named like secrets are never written', () => {
  const { log, lines } = openLog();

  log.info(
    { token: 'swordfish', a: { password: 'swordfish' }, b: { headers: { cookie: 'swordfish' } } },
    'x',
  );

  expect(lines.join('')).not.toContain('swordfish');
});

test('known values and token shapes are taken out of every text', () => {
  const { log, entries } = openLog({ secrets: ['swordfish'] });

  log.error({ err: new Error(`no: ghs_${'x'.repeat(40)}`) }, 'told swordfish');

  expect(entries()).toMatchObject([{ err: { message: 'no: ***' }, message: 'told ***' }]);
});

test('an error shows code, kind, details and causes, and nothing that hangs on it', () => {
  const { log, entries } = openLog();
  const refused = Object.assign(new Error('refused'), {
    code: 'ECONNREFUSED',
    request: { headers: { authorization: 'swordfish' } },
  });

  log.error(
    {
      err: new GatehouseError('GATE_REDIS_UNAVAILABLE', 'Redis does not answer', {
        cause: refused,
        details: { host: 'localhost' },
      }),
    },
    'Delivery refused',
  );

  expect(entries()).toMatchObject([
    {
      err: {
        type: 'GatehouseError',
        message: 'Redis does not answer',
        code: 'GATE_REDIS_UNAVAILABLE',
        kind: 'transient',
        details: { host: 'localhost' },
        cause: { message: 'refused', code: 'ECONNREFUSED' },
      },
    },
  ]);
  expect(JSON.stringify(entries())).not.toContain('swordfish');
});

test('for people a line is text with the message in it', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const log = createLog({ level: 'info', pretty: true, destination: { write: resolve } });

  log.info({ event: 'push' }, 'Delivery queued');

  expect(await promise).toMatch(/^\[.*\] INFO: Delivery queued\n/);
});
