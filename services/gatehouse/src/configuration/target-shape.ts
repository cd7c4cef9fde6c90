/** What the commands about configuration look at, wherever it was read. */
import type { LayoutSource, LoadedLayout } from '@gatehouse/layout';
import type { FoundFile } from './local-files.ts';

/** The files with what they are read beside. */
export interface Target {
  /** The repository whose files are looked at. */
  readonly repository: string;
  /** The branch that the files stand on; null: not known. */
  readonly branch: string | null;
  /** For {@link import('@gatehouse/layout').loadLayout}; the owner's comes first. */
  readonly sources: readonly LayoutSource[];
  readonly files: readonly FoundFile[];
  /** The command that shows what is wrong in the owner's configuration; null: it was not read. */
  readonly ownerCommand: string | null;
  /** False: the repository's name is not known, and `repository` stands for it. */
  readonly isNamed: boolean;
  /** What the engine makes of it; absent: it is not on GitHub. */
  readonly loaded?: LoadedLayout;
}

/** A target, or why there is none. */
export type TargetReading =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly complaint: string };
