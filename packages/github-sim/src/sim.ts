import type { SimActions, Violation } from './actions/types.ts';
import type { SimTick } from './client.ts';
import type { GithubSimOptions } from './options.ts';

/** A simulated GitHub. Modes: made → started → stopped; a stopped one is not started again. */
export interface GithubSim {
  /** Listens, and resolves with the addresses once requests are answered. */
  start(): Promise<{ url: string; apiUrl: string; gitUrl: string }>;
  /** Closes connections, waits for webhooks under way, saves the state. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
  /** What people and administrators do. */
  readonly act: SimActions;
  /** Everything that broke GitHub's rules so far. Tests assert that it stays empty. */
  readonly violations: readonly Violation[];
  /** Calls `listener` after each change; returns the way to stop that. */
  onChange(listener: (tick: SimTick) => void): () => void;
}

/** A simulator on `options.dataDir`; it does nothing until `start()`. */
export function createGithubSim(options: GithubSimOptions): GithubSim {
  throw new Error(`not built yet: ${options.dataDir}`);
}
