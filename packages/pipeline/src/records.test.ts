import { expect, it } from 'vitest';
import { asJson, readItem } from './records.ts';
import { anItem } from './testing/builders.ts';

it('an item that was kept before debugging was is read as one without it', () => {
  const stored = asJson(anItem());
  const { isDebug: _new, ...old } = stored as Readonly<Record<string, typeof stored>>;

  expect(readItem(old)).toEqual(anItem({ isDebug: false }));
});

it('an item is read as it was kept', () => {
  expect(readItem(asJson(anItem({ isDebug: true })))).toEqual(anItem({ isDebug: true }));
});
