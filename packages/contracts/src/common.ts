/** Pieces that several bodies share. */
import { z } from 'zod';

/** Longest link that is taken and shown. */
const URL_LENGTH_MAX = 2000;

/** A link that a browser may follow: nothing but http and https becomes one. */
export const webUrl = z
  .string('must be a URL')
  .max(URL_LENGTH_MAX, `must have at most ${URL_LENGTH_MAX} characters`)
  .refine((text) => isWebUrl(text), 'must be an absolute http or https URL');

/** True for an absolute http or https URL without blanks and control characters. */
export function isWebUrl(text: string): boolean {
  const isPlain = text.length <= URL_LENGTH_MAX && /^https?:\/\/[^\s\p{Cc}]+$/iu.test(text);
  return isPlain && URL.canParse(text);
}

/** Milliseconds since 1970. */
export const timeMs = z.number().int().nonnegative();

/** Any JSON object. */
export const jsonObject = z.record(z.string(), z.json());

/** What every refused request is answered with. */
export const ErrorBody = z.object({
  error: z.object({
    /** Stable word, such as `bad_signature`. */
    code: z.string(),
    /** What is wrong and what to do, for people. */
    message: z.string(),
    /** Every reason, where there can be several. */
    reasons: z.array(z.string()).optional(),
  }),
});
/** See the schema. */
export type ErrorBody = z.infer<typeof ErrorBody>;
