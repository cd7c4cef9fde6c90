import type { Json } from '@gatehouse/model';
import type { Announcements, NoteStore, ResponseCache } from '@gatehouse/ports';
import { expect, it } from 'vitest';

const longMs = 60_000;

/** What every NoteStore does. @param open gives an empty one. */
export function noteStoreConformance(open: () => Promise<NoteStore>): void {
  it('keeps the newest note under a key', async () => {
    const notes = await open();
    await notes.writeNote('shown', { revision: 1 }, longMs);

    await notes.writeNote('shown', { revision: 2, list: [] }, longMs);

    expect(await notes.readNote('shown')).toEqual({ revision: 2, list: [] });
    expect(await notes.readNote('other')).toBeNull();
  });

  it('exchanges a note only for the one that was read', async () => {
    const notes = await open();
    const first = { by: 'a', list: [1, null, 'ü'], deep: { b: 1.5, a: true } };
    const exchange = (from: Json | null, to: Json) =>
      notes.exchangeNote('shown', { from, to }, longMs);

    const answers = [
      await exchange(first, { by: 'nobody' }),
      await exchange(null, first),
      await exchange(null, { by: 'late' }),
      await exchange(await notes.readNote('shown'), { by: 'b' }),
      await exchange(first, { by: 'later' }),
    ];

    expect(answers).toEqual([false, true, false, true, false]);
    expect(await notes.readNote('shown')).toEqual({ by: 'b' });
  });
}

/** What every ResponseCache does. @param open gives an empty one. */
export function responseCacheConformance(open: () => Promise<ResponseCache>): void {
  it('gives back what was cached until it is deleted', async () => {
    const cache = await open();
    await cache.set('GET /a', '{"etag":"x"}', longMs);
    const cached = await cache.get('GET /a');

    await cache.delete('GET /a');

    expect(cached).toBe('{"etag":"x"}');
    expect(await cache.get('GET /a')).toBeNull();
  });
}

/** What all Announcements do. @param open gives some that nobody listens to. */
export function announcementsConformance(open: () => Promise<Announcements>): void {
  it('tells every listener of a topic, and nobody else', async () => {
    const announcements = await open();
    const heard: string[] = [];
    const bothHeard = Promise.withResolvers<void>();
    const note = (who: string) => (message: unknown) => {
      heard.push(`${who} ${JSON.stringify(message)}`);
      if (heard.length === 2) bothHeard.resolve();
    };
    const ends = [
      await announcements.listen('moved', note('first')),
      await announcements.listen('moved', note('second')),
      await announcements.listen('elsewhere', note('third')),
    ];

    await announcements.announce('moved', { list: [] });
    await bothHeard.promise;

    expect(heard.sort()).toEqual(['first {"list":[]}', 'second {"list":[]}']);
    for (const end of ends) await end();
  });

  it('tells a listener nothing after its end', async () => {
    const announcements = await open();
    const heard: unknown[] = [];
    const later = Promise.withResolvers<void>();
    const end = await announcements.listen('moved', (message) => heard.push(message));
    const endOther = await announcements.listen('moved', () => later.resolve());

    await end();
    await announcements.announce('moved', 1);
    await later.promise;

    expect(heard).toEqual([]);
    await endOther();
  });
}
