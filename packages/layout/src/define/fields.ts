/** The fields that values of a job may use, such as `{change.number}`. */
import { wording } from '../wording/wording.ts';
import type { Span } from '../yaml/located.ts';
import { type ItemContext, report } from './context.ts';

/** Names of the fields. Never title or body: whoever proposes a change writes those freely. */
export const fieldNames = [
  'change.number',
  'change.repository',
  'change.head_sha',
  'change.base_ref',
  'change.sha',
  'change.url',
  'pipeline',
  'build.id',
] as const;

// Only what looks like one of ours: shells and JSON have braces of their own.
const FIELD_LIKE = /\{((?:change|build|buildset|pipeline|job|item)\.[A-Za-z_.]+)\}/g;

/** Reports what looks like a field but is none. */
export function checkFields(context: ItemContext, text: string, span: Span): void {
  for (const [, field = ''] of text.matchAll(FIELD_LIKE)) {
    if (fieldNames.some((known) => known === field)) continue;
    report(context, wording.unknownField(field, fieldNames), span);
  }
}
