/**
 * The names under which things appear in the log. Everything that binds fields to a log uses
 * these, so that one search finds a delivery or a build in every role's lines.
 */
export interface LogFields {
  readonly role?: string;
  readonly delivery_id?: string;
  /** GitHub's name of the event, such as `pull_request`. */
  readonly event?: string;
  readonly tenant?: string;
  readonly repository?: string;
  readonly change?: string;
  readonly pipeline?: string;
  readonly queue?: string;
  readonly item?: string;
  readonly buildset?: string;
  readonly build?: string;
  readonly job?: string;
  readonly attempt?: number;
  readonly effect?: string;
  readonly installation?: number;
  /** Template of a REST route, such as `POST /repos/{owner}/{repo}/check-runs`. */
  readonly route?: string;
  readonly status?: number;
  readonly duration_ms?: number;
  /** Why a decision fell, as reasons or as a word. */
  readonly reasons?: unknown;
  readonly err?: unknown;
}

/** A log whose every line carries `fields`; `Log` is the port's, or pino's own. */
export function bindLog<Log extends { child(fields: object): Log }>(
  log: Log,
  fields: LogFields,
): Log {
  return log.child(fields);
}
