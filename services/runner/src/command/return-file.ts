/**
 * What a job returns: a JSON object in the file that GATEHOUSE_RETURN_FILE names. The job could put
 * anything there, so the file has to be a plain one at exactly that place, small and not too deep.
 */
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Json, JsonObject } from '@gatehouse/model';
import { z } from 'zod';
import { RETURN_DEPTH_MAX, RETURN_FILE_BYTES_MAX } from '../limits.ts';
import { messageOf, systemCodeOf } from '../words.ts';

const URL_CHARACTERS_MAX = 2_048;
const ReturnedObject = z.record(z.string(), z.json());

/** What was returned; `problem` says in words for the log why nothing could be taken. */
export interface Returned {
  readonly data: JsonObject;
  readonly logUrl: string | null;
  readonly problem: string | null;
}

/** Reads the file; a job that returns nothing returns an empty object. */
export async function readReturnFile(path: string): Promise<Returned> {
  const nothing = { data: {}, logUrl: null };
  try {
    const text = await readPlainFile(path);
    if (text === null) return { ...nothing, problem: null };
    const raw = parseJson(text);
    if (raw === undefined) return { ...nothing, problem: 'it holds no JSON' };
    if (isTooDeep(raw)) return { ...nothing, problem: 'it is nested too deeply' };
    const parsed = ReturnedObject.safeParse(raw);
    if (!parsed.success) return { ...nothing, problem: 'it holds no JSON object' };
    return { data: parsed.data, logUrl: logUrlOf(parsed.data), problem: null };
  } catch (error) {
    return { ...nothing, problem: messageOf(error) };
  }
}

/** Undefined: it is no JSON. The parser's own words quote the text, which may hold anything. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Null: there is none. */
async function readPlainFile(path: string): Promise<string | null> {
  const folder = dirname(path);
  if ((await realpath(folder)) !== folder) throw new Error('its folder was replaced');
  // Not following a link, and not waiting for a pipe.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw systemCodeOf(error) === 'ELOOP' ? new Error('it is a link') : error;
  });
  if (file === null) return null;
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw new Error('it is not a plain file');
    if (facts.size > RETURN_FILE_BYTES_MAX) throw new Error('it is larger than 1 MiB');
    const buffer = Buffer.alloc(facts.size);
    const { bytesRead } = await file.read(buffer, 0, facts.size, 0);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await file.close();
  }
}

/** Without recursion: what it looks for could exhaust the stack. */
function isTooDeep(root: unknown): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > RETURN_DEPTH_MAX) return true;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}

function logUrlOf(data: Readonly<Record<string, Json>>): string | null {
  const { zuul } = data;
  if (typeof zuul !== 'object' || zuul === null || !('log_url' in zuul)) return null;
  const { log_url: text } = zuul;
  if (typeof text !== 'string' || text.length > URL_CHARACTERS_MAX) return null;
  const url = URL.parse(text);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : null;
}
