/** A problem in configuration text, at its place, with the remedy. */

/** Where in a file. Lines and columns count from 1; the end is exclusive in columns. */
export interface SourceRange {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One error or warning of a configuration file. */
export interface ConfigurationProblem {
  readonly level: 'error' | 'warning';
  /** Stable word for the kind of problem, such as `unknown-key`. */
  readonly code: string;
  /** What is wrong, in plain words. */
  readonly message: string;
  /** What to write instead; null when nothing better than the message is known. */
  readonly remedy: string | null;
  readonly repository: string;
  readonly branch: string | null;
  /** Path in the repository. */
  readonly path: string;
  /** Null: the file as a whole. */
  readonly range: SourceRange | null;
}
