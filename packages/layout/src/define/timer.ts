/** Reads `trigger.timer` and `trigger.zuul`: only their form, as they start nothing yet. */
import { listOf } from '../schema/common.ts';
import { timerSchema, zuulTriggerSchema } from '../schema/timer.ts';
import { wording } from '../wording/wording.ts';
import { entryOf, type Located, nodeUnder } from '../yaml/located.ts';
import { type ItemContext, readMap, report } from './context.ts';

/** Checks one entry of `trigger.timer`. */
export function checkTimer(context: ItemContext, node: Located): void {
  const { time } = readMap(context, timerSchema, { node, what: 'a timer' });
  if (time === undefined) return;
  const fault = cronFault(time);
  if (fault === null) return;
  report(context, wording.badCron(time, fault), nodeUnder(node, 'time')?.span ?? node.span);
}

/** Checks one entry of `trigger.zuul`. */
export function checkZuulTrigger(context: ItemContext, node: Located): void {
  const { event } = readMap(context, zuulTriggerSchema, { node, what: 'a trigger of `zuul`' });
  const pipeline = entryOf(node, 'pipeline');
  if (event === undefined || pipeline === null) return;
  if (listOf(event).includes('parent-change-enqueued')) return;
  report(context, wording.doesNotFit('pipeline', listOf(event).join(', ')), pipeline.key);
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly words: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const fields: readonly Field[] = [
  { name: 'minute', least: 0, most: 59, words: [] },
  { name: 'hour', least: 0, most: 23, words: [] },
  { name: 'day of the month', least: 1, most: 31, words: [] },
  { name: 'month', least: 1, most: 12, words: months },
  { name: 'day of the week', least: 0, most: 6, words: days },
  { name: 'second', least: 0, most: 59, words: [] },
];

/** What is wrong with a time of a timer; null: nothing. */
export function cronFault(time: string): string | null {
  const parts = time.trim().split(/\s+/);
  const [, , , , , , jitter, ...tooMany] = parts;
  if (parts.length < 5) return `it has ${parts.length} fields, and five are needed`;
  if (tooMany.length > 0) return `it has ${parts.length} fields, and seven are the most`;
  if (jitter !== undefined && !/^[0-9]{1,6}$/.test(jitter)) return 'the jitter is no number';
  for (const [at, field] of fields.entries()) {
    const text = parts[at];
    if (text !== undefined && !text.split(',').every((part) => isPart(part, field))) {
      return `\`${text}\` is no ${field.name}`;
    }
  }
  return null;
}

/** `*`, a value, or a range of values, each with an optional step; `last` for the last day of a month. */
function isPart(part: string, field: Field): boolean {
  const [range = '', step, ...rest] = part.toLowerCase().split('/');
  if (rest.length > 0 || (step !== undefined && !/^[1-9][0-9]{0,3}$/.test(step))) return false;
  if (range === '*') return true;
  if (field.name === 'day of the month' && range === 'last') return true;
  const [first = '', last, ...more] = range.split('-');
  if (more.length > 0) return false;
  const from = fieldValue(first, field);
  const to = last === undefined ? from : fieldValue(last, field);
  return from !== null && to !== null && from <= to;
}

function fieldValue(text: string, { least, most, words }: Field): number | null {
  const word = words.indexOf(text);
  if (word >= 0) return word + least;
  if (!/^[0-9]{1,4}$/.test(text)) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}
