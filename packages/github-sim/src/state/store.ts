/**
 * The simulator's memory. It owns the state record and its file: `state.json` is written at most
 * once per 100 ms, less often when it is large, and on close, always to a new file that then replaces the old one, so that a
 * killed process leaves a whole state behind.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimState } from './types.ts';

const SAVE_DELAY_MS = 100;
/** A large state takes longer to write; it is then written less often, about 5% of the time. */
const SAVE_SHARE = 20;

export interface Store {
  readonly state: SimState;
  /** True when the folder held a state from an earlier run. */
  readonly isRestored: boolean;
  /** The next id; ids are unique over all kinds of things. */
  id(): number;
  /** Marks the state as changed. */
  touch(): void;
  /** Writes what is not yet written. */
  close(): void;
}

/** Opens the state in `dataDir`, or starts an empty one. */
export function openStore(dataDir: string): Store {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'state.json');
  const saved = readState(file);
  const state = saved ?? emptyState();
  let timer: NodeJS.Timeout | null = null;
  let delayMs = SAVE_DELAY_MS;
  const save = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const startedMs = performance.now();
    writeFileSync(`${file}.new`, JSON.stringify(state));
    renameSync(`${file}.new`, file);
    delayMs = Math.max(SAVE_DELAY_MS, (performance.now() - startedMs) * SAVE_SHARE);
  };
  return {
    state,
    isRestored: saved !== null,
    id: () => state.nextId++,
    touch() {
      timer ??= setTimeout(save, delayMs).unref();
    },
    close: save,
  };
}

function readState(file: string): SimState | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  // Only this module writes the file, and `schema` names its shape.
  const state = JSON.parse(text) as SimState;
  if (state.schema !== 1) throw new Error(`${file} was written by another version; delete it`);
  return state;
}

function emptyState(): SimState {
  return {
    schema: 1,
    nextId: 1_000,
    tokenSecret: randomBytes(32).toString('hex'),
    revokedTokens: [],
    users: [],
    repos: [],
    apps: [],
    installations: [],
    pulls: [],
    comments: [],
    reviews: [],
    statuses: [],
    suites: [],
    runs: [],
    workflowRuns: [],
  };
}
