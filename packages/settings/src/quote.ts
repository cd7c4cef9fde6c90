/** How much of a wrong value is quoted. */
const QUOTED_MAX = 60;

/** A value in quotes, shortened, without credentials that stand in a URL. */
export function quote(value: unknown): string {
  const plain = String(value).replace(/\/\/[^/@\s]+@/, '//***@');
  return JSON.stringify(plain.length > QUOTED_MAX ? `${plain.slice(0, QUOTED_MAX)}…` : plain);
}

/** ` (ENOENT)` for errors of the system, nothing for others. */
export function systemCode(error: unknown): string {
  const hasCode = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return hasCode ? ` (${String(error.code)})` : '';
}
