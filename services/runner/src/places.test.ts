import { expect, test } from 'vitest';
import { type AskAgain, createPlaces, type Place } from './places.ts';

const wanted = new AbortController().signal;
const soon = { againInMs: expect.closeTo(375, -3) };

/** Gives a place back; whoever got none fails the test. */
function giveBack(place: Place | AskAgain): void {
  if (typeof place !== 'function') throw new Error('there was no place');
  place();
}

test('places are given in the order in which they were asked for', async () => {
  const places = createPlaces(1, 60_000);
  const first = await places.take(wanted);
  const order: string[] = [];
  const note = (name: string) => (place: Place | AskAgain) => {
    order.push(name);
    return place;
  };
  const second = places.take(wanted).then(note('second'));
  const third = places.take(wanted).then(note('third'));

  giveBack(first);
  giveBack(await second);
  giveBack(await third);

  expect(order).toEqual(['second', 'third']);
});

test('a place given back twice is one place', async () => {
  const places = createPlaces(1, 1);
  const first = await places.take(wanted);
  giveBack(first);
  giveBack(first);

  const second = await places.take(wanted);
  const third = await places.take(wanted);

  expect(second).toBeTypeOf('function');
  expect(third).toEqual(soon);
});

test('whoever waited in vain takes no place later', async () => {
  const places = createPlaces(1, 1);
  const first = await places.take(wanted);
  const inVain = await places.take(wanted);
  giveBack(first);

  const next = await places.take(wanted);

  expect(inVain).toEqual(soon);
  expect(next).toBeTypeOf('function');
});

test('a stop ends the wait', async () => {
  const places = createPlaces(1, 60_000);
  await places.take(wanted);
  const stop = new AbortController();
  const waiting = places.take(stop.signal);

  stop.abort();

  expect(await waiting).toEqual({ againInMs: 0 });
});

test('beyond a few nobody waits', async () => {
  const places = createPlaces(1, 60_000);
  await places.take(wanted);
  const stop = new AbortController();
  const waiting = [1, 2, 3, 4].map(() => places.take(stop.signal));

  const fifth = await places.take(wanted);

  expect(fifth).toEqual({ againInMs: expect.closeTo(7_500, -4) });
  stop.abort();
  expect(await Promise.all(waiting)).toEqual(Array(4).fill({ againInMs: 0 }));
});
