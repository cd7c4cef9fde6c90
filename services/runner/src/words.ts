/** Small texts for logs and details. */
import { QUOTED_CHARACTERS_MAX } from './limits.ts';

/** `850 ms`, `2.4 s`, `3 min 20 s`. @param durationMs not negative. */
export function durationInWords(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 60_000) return `${(durationMs / 1_000).toFixed(1).replace(/\.0$/, '')} s`;
  const seconds = Math.round(durationMs / 1_000);
  const rest = seconds % 60;
  return rest === 0
    ? `${Math.floor(seconds / 60)} min`
    : `${Math.floor(seconds / 60)} min ${rest} s`;
}

/** The first line of a command, shortened and in quotation marks. */
export function quoted(command: string): string {
  const [line = ''] = command.trim().split('\n');
  const isWhole = line.length <= QUOTED_CHARACTERS_MAX && line === command.trim();
  return `"${isWhole ? line : `${line.slice(0, QUOTED_CHARACTERS_MAX)}…`}"`;
}

/** What an unknown error says, in one line. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a system error, such as `ENOENT`; null for anything else. */
export function systemCodeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
