import { expect, test } from 'vitest';
import { externalRunner } from '../testing/external-runner.ts';
import { clearTarget, type Resolve } from './guard.ts';
import { postOnce } from './post.ts';

function allowed(url: string) {
  const target = clearTarget(url, () => true);
  if (!target.ok) throw new Error(target.detail);
  return target;
}

const post = { headers: {}, body: '{}', timeoutMs: 200 };

test('a server that does not answer in time has not accepted', async () => {
  await using runner = await externalRunner(() => undefined);

  const end = await postOnce({ ...post, target: allowed(runner.url) });

  expect(end).toEqual({ ok: false, detail: 'no answer within 200 ms' });
});

test('a server that changes the protocol has not accepted', async () => {
  await using runner = await externalRunner((response) => {
    response.socket?.end('HTTP/1.1 101 Other\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
  });

  const end = await postOnce({ ...post, timeoutMs: 10_000, target: allowed(runner.url) });

  expect(end).toEqual({ ok: false, detail: 'closed the connection without an answer' });
});

test('an answer without end is accepted by its status and then cut off', async () => {
  let isCutOff: Promise<void> = Promise.resolve();
  await using runner = await externalRunner((response) => {
    isCutOff = new Promise((resolve) => response.once('close', () => resolve()));
    const write = (): void => {
      while (!response.destroyed && response.write('x'.repeat(10_000)));
    };
    response.on('drain', write).on('error', () => undefined);
    response.writeHead(200);
    write();
  });

  const end = await postOnce({ ...post, timeoutMs: 10_000, target: allowed(runner.url) });
  await isCutOff;

  expect(end).toEqual({ ok: true });
});

test('a name whose second answer would be private is asked only once', async () => {
  const answers = ['93.184.216.34', '127.0.0.1'];
  const asked: string[] = [];
  const resolve: Resolve = async (host) => {
    asked.push(host);
    return [{ address: answers.shift() ?? '127.0.0.1', family: 4 }];
  };
  const target = clearTarget('https://ci.example.com/', () => false, resolve);
  if (!target.ok || target.lookup === null) throw new Error('public https is cleared');
  const { lookup } = target;

  const given = await new Promise((done) => {
    lookup('ci.example.com', { all: false }, (_error, address) => done(address));
  });

  expect(asked).toEqual(['ci.example.com']);
  expect(given).toBe('93.184.216.34');
});

test.each([
  [['127.0.0.1']],
  [['93.184.216.34', '10.0.0.1']],
  [['2606:2800:220:1::1', '::1']],
  [[]],
])('a name that leads to %j is not connected to', async (addresses) => {
  const resolve: Resolve = async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const target = clearTarget('https://ci.example.com/', () => false, resolve);
  if (!target.ok) throw new Error(target.detail);

  const end = await postOnce({ ...post, timeoutMs: 5_000, target });

  expect(end).toEqual({
    ok: false,
    detail: 'refused: address is private and not in GATEHOUSE_HTTP_ALLOW',
  });
});
