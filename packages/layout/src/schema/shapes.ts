/** The shapes of values in words: what is wanted, what stands there, and how to get from one to the other. */
import { quoted } from '../problems.ts';
import type { Located } from '../yaml/located.ts';

const shapeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'empty',
};

/** A type as zod names it, in words. */
export function shapeName(expected: string): string {
  return Object.hasOwn(shapeNames, expected) ? (shapeNames[expected] ?? expected) : expected;
}

/** What stands there, in words. @param written how it is written in the file */
export function foundOf(node: Located | null, written: string): string {
  if (node === null) return 'nothing';
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return node.items.length === 0 ? 'an empty list' : 'a list';
  if (node.value === null) return 'empty';
  if (typeof node.value === 'string') return `the text ${quoted(node.value)}`;
  return `the ${typeof node.value} ${quoted(written)}`;
}

/** Where a value of the wrong shape stands. */
export interface Misshapen {
  readonly node: Located | null;
  readonly path: readonly PropertyKey[];
}

/** How to turn what stands there into what is wanted, where that is plain. */
export function remedyFor(expected: readonly string[], { node, path }: Misshapen): string | null {
  const wants = (type: string) => expected.includes(shapeName(type));
  if (node === null) return null;
  if (node.kind === 'scalar' && node.value === null) return 'Write a value, or remove the key.';
  const isBare = typeof node.value === 'number' || typeof node.value === 'boolean';
  if (isBare && isAge(path)) return ageRemedy;
  if (isBare && wants('string')) return 'Put it in quotes.';
  if (wants('boolean') && expected.length === 1) return 'Write `true` or `false`, without quotes.';
  if (wants('int')) return numberRemedy(node.value, path);
  if (expected[0] === shapeName('array')) {
    return node.kind === 'scalar' ? 'Write it as a list: `[…]`.' : 'Begin each entry with `- `.';
  }
  if (expected.length === 1 && wants('object')) {
    return 'Write its attributes as `name: value`, each on a line of its own that is indented below it.';
  }
  if (!wants('string') || wants('object')) return null;
  return wants('array') ? 'Write one value, or a list of them.' : 'Write one value.';
}

function isAge(path: readonly PropertyKey[]): boolean {
  return ['newer-than', 'older-than'].includes(String(path.at(-1)));
}

const ageRemedy = 'Write a number and one of s, m, h, d, w: `30m`.';

const unitsS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function numberRemedy(value: unknown, path: readonly PropertyKey[]): string {
  const text = String(value);
  if (typeof value === 'string' && /^[0-9]{1,9}$/.test(text)) return 'Remove the quotes.';
  const isTime = String(path.at(-1)).endsWith('timeout');
  const [, count, unit = ''] = /^([0-9]{1,6})([smhd])$/.exec(text) ?? [];
  if (!isTime) return 'Write digits only.';
  if (count === undefined) return 'Write a number of seconds: `1800`.';
  return `Write it in seconds: \`${Number(count) * (unitsS[unit] ?? 1)}\`.`;
}

/** Remedies for texts of a certain form; the forms are those of our own schemas. */
export function formOf(pattern: string | undefined): string {
  if (pattern?.includes('[smhdw]')) return ageRemedy;
  if (pattern?.includes('enqueue:')) {
    return 'Write rerun, rerun_failed, abort, approve, dequeue, or enqueue:PIPELINE.';
  }
  if (pattern?.includes('[smh]')) return 'Write seconds, or a number and s, m or h: `10s`.';
  if (pattern?.includes('^.*$')) return 'Write it on one line.';
  return 'Correct its form.';
}
