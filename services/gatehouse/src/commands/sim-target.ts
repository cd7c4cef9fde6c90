/** Which simulator the `sim` commands talk to, and how they name a pull request. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SimClient } from '@gatehouse/github-sim';
import { InvalidArgumentError } from 'commander';

/** Where a running demo leaves its addresses. */
export function demoNotePath(dataDir: string): string {
  return join(dataDir, 'demo', 'running.json');
}

/** A client for the simulator that was named, or for the running demo's. */
export async function simTarget(options: {
  readonly sim?: string | undefined;
  readonly dataDir: string;
}): Promise<SimClient> {
  // Loaded here: it is large, and only these commands need it.
  const { createSimClient } = await import('@gatehouse/github-sim');
  if (options.sim !== undefined) return createSimClient(options.sim);
  const path = demoNotePath(options.dataDir);
  const text = await readFile(path, 'utf8').catch(() => null);
  const url = text === null ? null : simUrlIn(text);
  if (url === null) {
    throw new Error(
      'No demo is running here. Start one with "npm run demo", or name a simulator with --sim URL.',
    );
  }
  return createSimClient(url);
}

/** `acme/api#7` in its parts. */
export interface PullName {
  readonly repository: string;
  readonly number: number;
}

/** @throws InvalidArgumentError when `text` is not `OWNER/NAME#NUMBER`. */
export function parsePullName(text: string): PullName {
  const match = /^([^/#\s]+\/[^/#\s]+)#(\d+)$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new InvalidArgumentError('A pull request is written OWNER/NAME#NUMBER, like acme/api#7.');
  }
  return { repository: match[1], number: Number(match[2]) };
}

function simUrlIn(text: string): string | null {
  try {
    const note: unknown = JSON.parse(text);
    const isNote = typeof note === 'object' && note !== null && 'simUrl' in note;
    return isNote && typeof note.simUrl === 'string' ? note.simUrl : null;
  } catch {
    return null;
  }
}
