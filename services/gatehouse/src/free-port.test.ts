import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from './free-port.ts';

it('gives a port that nobody listens on, and another one when somebody does', async () => {
  const wanted = await freePort('127.0.0.1', 0);
  const first = await freePort('127.0.0.1', wanted);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve));

  const second = await freePort('127.0.0.1', wanted);
  await new Promise((resolve) => server.close(resolve));

  expect(first).toBe(wanted);
  expect(second).not.toBe(wanted);
  expect(second).toBeGreaterThan(0);
});
