/** A Lua script that Redis runs as one step: all of it happens, or none. */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { onRedis, redisError } from '../redis-errors.ts';

/** What may be handed to a script. */
export type ScriptArgument = string | number | Buffer;

/** A script by its name (for errors) and digest (for the wire). */
export interface Script {
  readonly name: string;
  readonly lua: string;
  readonly sha1: string;
}

/** @param lua opens with its contract: KEYS, ARGV with units, what it returns. */
export function defineScript(name: string, lua: string): Script {
  return { name, lua, sha1: createHash('sha1').update(lua).digest('hex') };
}

/**
 * Runs a script by its digest, which saves sending its text; a server that does not know it yet
 * (new, restarted, failed over) gets the text.
 * @throws GatehouseError as `onRedis`.
 */
export async function runScript(
  redis: Redis,
  script: Script,
  input: { readonly keys: readonly string[]; readonly args: readonly ScriptArgument[] },
): Promise<unknown> {
  const words = [...input.keys, ...input.args];
  try {
    return await redis.evalsha(script.sha1, input.keys.length, ...words);
  } catch (error) {
    if (!isUnknownScript(error)) throw redisError(script.name, error);
  }
  return await onRedis(script.name, () => redis.eval(script.lua, input.keys.length, ...words));
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
