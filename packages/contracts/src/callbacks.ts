/** What an external runner reports. The outer shape is strict; what a job returns is its own. */
import type { AttemptResult, Json, JsonObject } from '@gatehouse/model';
import { z } from 'zod';
import { DATA_BYTES_MAX, findExcess, isJsonObject } from './bounded-json.ts';
import { webUrl } from './common.ts';
import { cleanZuulPart, type Dropped } from './file-comments.ts';
import { type Reading, readBy } from './reading.ts';

/** What may be said of an attempt from outside. */
export const callbackResults = [
  'SUCCESS',
  'FAILURE',
  'TIMED_OUT',
  'ERROR',
  'RETRY',
  'SKIPPED',
  'CANCELED',
] as const satisfies readonly AttemptResult[];

/** One of {@link callbackResults}. */
export type CallbackResult = (typeof callbackResults)[number];

/** The attempt runs; everything in it is optional. */
export const StartedBody = z.strictObject(
  { log_url: webUrl.nullish() },
  { error: (issue) => notAnObject(issue) },
);
/** See the schema. */
export type StartedBody = z.infer<typeof StartedBody>;

/** The attempt is over. `data` is read apart: see {@link readResultBody}. */
export const ResultBody = z.strictObject(
  {
    result: z.enum(callbackResults, `must be one of ${callbackResults.join(', ')}`),
    log_url: webUrl.nullish(),
    data: z
      .custom<JsonObject>((value) => isJsonObject(value as Json), 'must be an object') // from JSON
      .nullish(),
  },
  { error: (issue) => notAnObject(issue) },
);
/** See the schema. */
export type ResultBody = z.infer<typeof ResultBody>;

/** The answer to an accepted callback. */
export const CallbackAnswer = z.object({
  accepted: z.literal(true),
  /** `repeated`: the same had been said before, and nothing was done again. */
  state: z.enum(['accepted', 'repeated']),
  /** What was left out of the result, with the reasons. */
  dropped: z.array(z.object({ where: z.string(), reason: z.string() })),
});
/** See the schema. */
export type CallbackAnswer = z.infer<typeof CallbackAnswer>;

/** A start as the service works with it. */
export interface StartedReport {
  readonly logUrl: string | null;
}

/** A result as the service works with it. */
export interface ResultReport {
  readonly result: CallbackResult;
  /** Beside the result, or else in its data; null: none was given. */
  readonly logUrl: string | null;
  /** In Zuul's `zuul_return` form, without what was dropped. */
  readonly data: JsonObject;
}

/** Reads the body of `/started`; no body at all is fine. */
export function readStartedBody(body: unknown): Reading<StartedReport> {
  const reading = readBy(StartedBody, body ?? {});
  return reading.ok ? { ok: true, value: { logUrl: reading.value.log_url ?? null } } : reading;
}

/** A result that was read, with what was left out of it; or the reasons why it was not. */
export type ResultReading =
  | { readonly ok: true; readonly result: ResultReport; readonly dropped: readonly Dropped[] }
  | { readonly ok: false; readonly reasons: readonly string[] };

/**
 * Reads the body of `/result`.
 * @param dataBytesMax limit of `data` as compact JSON, in bytes
 */
export function readResultBody(body: unknown, dataBytesMax = DATA_BYTES_MAX): ResultReading {
  const reading = readBy(ResultBody, body);
  if (!reading.ok) return reading;
  const { result, log_url: logUrl, data: given } = reading.value;
  const data = given ?? {};
  const excess = findExcess(data, dataBytesMax);
  if (excess !== null) return { ok: false, reasons: [`body.data ${excess}`] };
  const zuul = data.zuul;
  if (zuul === undefined) {
    return { ok: true, result: { result, logUrl: logUrl ?? null, data }, dropped: [] };
  }
  const cleaned = cleanZuulPart(zuul);
  const innerUrl = cleaned.zuul.log_url;
  return {
    ok: true,
    result: {
      result,
      logUrl: logUrl ?? (typeof innerUrl === 'string' ? innerUrl : null),
      data: { ...data, zuul: cleaned.zuul },
    },
    dropped: cleaned.dropped,
  };
}

function notAnObject(issue: { readonly code: string | undefined }): string | undefined {
  return issue.code === 'invalid_type' ? 'must be a JSON object' : undefined;
}
