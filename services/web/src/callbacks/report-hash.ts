/** A report's content as one short word, so that saying the same twice can be told apart from news. */
import { createHash } from 'node:crypto';
import type { Json } from '@gatehouse/model';

/** SHA-256, hexadecimal, over the value with sorted keys. @param value at most some 100 levels deep */
export function hashReport(value: Json): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

/** SHA-256 of a callback token, as the register of builds keeps it. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}
