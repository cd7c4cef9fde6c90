/** What showing something on GitHub is asked with, and what comes of it. */
import type { Item } from '@gatehouse/pipeline';
import type { ReporterDeps } from './deps.ts';
import type { Looks } from './look-after.ts';

/** What comes of showing. */
export type Shown =
  | { readonly code: 'done' }
  /** It was too soon to write progress. */
  | { readonly code: 'later'; readonly inMs: number }
  /** Somebody else is at it: the message has to come again. */
  | { readonly code: 'again'; readonly inMs: number };

/** All is shown, or somebody else's to show. */
export const done: Shown = { code: 'done' };

/** Showing takes place where looks can be owed. */
export type ShowDeps = ReporterDeps & { readonly looks: Looks };

/** The state to show, and when to stop. */
export interface Asked {
  readonly item: Item;
  /** Aborted when the message is no longer ours: it is then handed out again. */
  readonly signal: AbortSignal;
}
