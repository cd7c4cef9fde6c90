import type { Redis } from 'ioredis';
import { defineScript, runScript } from './script.ts';

const script = defineScript(
  'exchange-note',
  `
-- KEYS 1 note
-- ARGV 1 the note that is to be there (JSON; '' none), 2 the one to write (JSON),
--   3 time to live (ms)
-- Returns 1 written, 0 another note is there: nothing was written.
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`,
);

/**
 * Writes a note if it still is what was read. What is compared is its text: reading JSON that
 * `JSON.stringify` wrote and writing it again gives the same text.
 */
export async function exchangeNote(
  redis: Redis,
  key: string,
  change: { readonly from: string | null; readonly to: string; readonly timeToLiveMs: number },
): Promise<boolean> {
  const args = [change.from ?? '', change.to, change.timeToLiveMs];
  return (await runScript(redis, script, { keys: [key], args })) === 1;
}
