import { expect, it } from 'vitest';
import { createReads } from './reads.ts';

it('keeps what a read gives', async () => {
  const kept: string[] = [];

  const given = await createReads().run(reading('a', kept));

  expect(given).toBe('a');
  expect(kept).toEqual(['a']);
});

it('gives what was overtaken by a change, and does not keep it', async () => {
  const reads = createReads();
  const kept: string[] = [];
  const slow = Promise.withResolvers<string>();
  const given = reads.run({ ...reading('', kept), read: () => slow.promise });

  reads.forget('key');
  slow.resolve('old');

  expect(await given).toBe('old');
  expect(kept).toEqual([]);
});

it('keeps what a read that began after the change gives, whatever else is under way', async () => {
  const reads = createReads();
  const kept: string[] = [];
  const slow = Promise.withResolvers<string>();
  const overtaken = reads.run({ ...reading('', kept), read: () => slow.promise });
  reads.forget('key');

  await reads.run(reading('new', kept));
  slow.resolve('old');
  await overtaken;

  expect(kept).toEqual(['new']);
});

it('keeps each answer that comes while another is awaited', async () => {
  const reads = createReads();
  const kept: string[] = [];
  const [first, second] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const both = [first, second].map(({ promise }) =>
    reads.run({ ...reading('', kept), read: () => promise }),
  );

  first.resolve('first');
  await both[0];
  second.resolve('second');
  await both[1];

  expect(kept).toEqual(['first', 'second']);
});

it('keeps the answer of the read that began last', async () => {
  const reads = createReads();
  const kept: string[] = [];
  const slow = Promise.withResolvers<string>();
  const first = reads.run({ ...reading('', kept), read: () => slow.promise });

  await reads.run(reading('new', kept));
  slow.resolve('old');
  await first;

  expect(kept).toEqual(['new']);
});

it('leaves a failed read to whoever asked', async () => {
  const kept: string[] = [];
  const read = () => Promise.reject(new Error('away'));

  await expect(createReads().run({ ...reading('', kept), read })).rejects.toThrow('away');

  expect(kept).toEqual([]);
});

function reading(value: string, kept: string[]) {
  return { key: 'key', read: async () => value, keep: (one: string) => void kept.push(one) };
}
