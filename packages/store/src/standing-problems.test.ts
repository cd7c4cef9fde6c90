/** What keeping problems in Redis does that the conformance suite cannot ask of every store. */
import { type ConfigurationProblem, repositoryKey, tenantId } from '@gatehouse/model';
import type { ConfigurationStanding } from '@gatehouse/ports';
import { quietLog, redisForTests, type TestRedis } from '@gatehouse/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStore, type Store } from './create-store.ts';
import { standingPrefix, standingsKey } from './keys.ts';
import {
  soundStandingMemoryMs,
  standingMemoryMs,
  standingProblemsMax,
  standingRefreshMs,
  standingSourcesMax,
  standingsMax,
  standingTextMax,
} from './limits.ts';

const acme = tenantId('acme');
const api = repositoryKey('acme/api');
const START = 1_800_000_000_000;

describe('the problems that stand, in Redis', () => {
  let fixture: TestRedis;
  let store: Store;
  beforeAll(async () => {
    fixture = await redisForTests();
  });
  beforeEach(async () => {
    await fixture.flush();
    store = createStore(fixture.redis, quietLog);
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  const recordOf = (name: string): string => `${standingPrefix(acme)}${name}`;
  const listed = async () => (await store.standings.list(acme))[0];

  it('remembers for some minutes, and lists nowhere, that nothing was ever wrong', async () => {
    await store.standings.tell(standing());
    await fixture.redis.persist(recordOf('acme/api'));

    await store.standings.tell(standing({ readAt: START + 1_000 }));

    const memory = await fixture.redis.pttl(recordOf('acme/api'));
    expect(memory).toBeLessThanOrEqual(soundStandingMemoryMs);
    expect(memory).toBeGreaterThan(soundStandingMemoryMs - 10_000);
    expect(await fixture.redis.keys('*')).toEqual([recordOf('acme/api')]);
  });

  it('writes only when it was read while nothing changes, and all of it once a day', async () => {
    const problems = [problem()];
    const times = () => fixture.redis.hmget(recordOf('acme/api'), 'read', 'written');
    const soon = START + standingRefreshMs;
    await store.standings.tell(standing({ problems }));
    await fixture.redis.persist(recordOf('acme/api'));

    await store.standings.tell(standing({ problems, readAt: soon }));
    const sameDay = [await times(), await fixture.redis.pttl(recordOf('acme/api'))];
    const answer = await store.standings.tell(standing({ problems, readAt: soon + 1 }));

    expect(sameDay).toEqual([[`${soon}`, `${START}`], -1]);
    expect(answer.code).toBe('same');
    expect(await times()).toEqual([`${soon + 1}`, `${soon + 1}`]);
    expect(await fixture.redis.pttl(recordOf('acme/api'))).toBeGreaterThan(0);
  });

  it('forgets everything in time', async () => {
    await store.standings.tell(standing({ problems: [problem()] }));
    const kept = await fixture.redis.pttl(recordOf('acme/api'));
    const list = await fixture.redis.pttl(standingsKey(acme));

    await store.standings.tell(standing({ readAt: START + 1 }));

    const sound = await fixture.redis.pttl(recordOf('acme/api'));
    expect([kept, list].map((ms) => ms > standingMemoryMs - 10_000)).toEqual([true, true]);
    expect(sound).toBeLessThanOrEqual(soundStandingMemoryMs);
    expect(sound).toBeGreaterThan(0);
    expect(await fixture.redis.exists(standingsKey(acme))).toBe(0);
  });

  it('keeps errors before warnings within its limit, and counts them all', async () => {
    const many = (level: ConfigurationProblem['level'], count: number) =>
      Array.from({ length: count }, (_, at) => problem({ level, message: `${level} ${at}` }));
    const problems = [...many('warning', standingProblemsMax), ...many('error', 2)];

    await store.standings.tell(standing({ problems }));

    const kept = await listed();
    expect(kept).toMatchObject({ errorsCount: 2, warningsCount: standingProblemsMax });
    expect(kept?.problems).toHaveLength(standingProblemsMax);
    expect(kept?.problems.slice(0, 3).map(({ message }) => message)).toEqual([
      'error 0',
      'error 1',
      'warning 0',
    ]);
  });

  it('cuts long texts short, never through a character', async () => {
    const long = '😀'.repeat(1_000);

    await store.standings.tell(
      standing({ problems: [problem({ message: long, remedy: long, path: long, branch: long })] }),
    );

    const [kept] = (await listed())?.problems ?? [];
    const texts = [kept?.message, kept?.remedy, kept?.path, kept?.branch].map((text) => text ?? '');
    const limits = Object.values(standingTextMax);
    expect(texts.every((text, at) => text.length <= (limits[at] ?? 0))).toBe(true);
    expect(texts.every((text) => text.isWellFormed() && /^(?:😀)+…$/u.test(text))).toBe(true);
  });

  it('says that there are too many sources rather than leaving some out', async () => {
    const sources = Array.from({ length: standingSourcesMax + 1 }, (_, at) => ({
      repository: repositoryKey(`acme/r${at}`),
      branch: 'main',
      contentHash: 'one',
    }));

    await store.standings.tell(standing({ problems: [problem()], sources }));

    expect((await listed())?.sources).toBeNull();
  });

  it('keeps a limited number of repositories, and those that it has', async () => {
    const tell = (at: number) =>
      store.standings.tell(
        standing({ repository: repositoryKey(`acme/r${at}`), problems: [problem()] }),
      );
    for (let at = 0; at < standingsMax; at += 1) await tell(at);

    const refused = await tell(standingsMax);
    const known = await store.standings.tell(
      standing({ repository: repositoryKey('acme/r0'), problems: [problem({ message: 'new' })] }),
    );

    expect([refused.code, known.code]).toEqual(['full', 'changed']);
    expect(await store.standings.list(acme)).toHaveLength(standingsMax);
  });

  it('makes room by dropping what was forgotten', async () => {
    await fixture.redis.zadd(standingsKey(acme), START - standingMemoryMs - 1, 'acme/gone');

    await store.standings.tell(standing({ problems: [problem()] }));

    expect(await fixture.redis.zrange(standingsKey(acme), '0', '-1')).toEqual(['acme/api']);
  });
});

function standing(different: Partial<ConfigurationStanding> = {}): ConfigurationStanding {
  const { repository = api } = different;
  const sources = [{ repository, branch: 'main', contentHash: 'one' }];
  return { repository, sources, problems: [], readAt: START, ...different };
}

function problem(different: Partial<ConfigurationProblem> = {}): ConfigurationProblem {
  return {
    level: 'error',
    code: 'unknown-key',
    message: 'there is no key runn',
    remedy: 'Write run.',
    repository: api,
    branch: 'main',
    path: '.gatehouse.yaml',
    range: null,
    ...different,
  };
}
