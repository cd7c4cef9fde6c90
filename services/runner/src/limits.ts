/**
 * Every bound of the runner, with its reason. What a job itself may take is bounded by its own
 * `timeoutMs` and `attempts`.
 */

/** From SIGTERM to SIGKILL: time for a test runner to take down what it started. */
export const TERM_GRACE_MS = 10_000;
/** As above when the service itself stops: container engines kill after ten seconds. */
export const STOP_GRACE_MS = 3_000;
/** How long processes that a step left behind may take to end after its own exit. */
export const LEFTOVER_GRACE_MS = 1_000;
/** How long output of an ended step is waited for while nothing comes. */
export const DRAIN_IDLE_MS = 1_000;
/** How long output of an ended step is taken at all: a daemon may print for ever. */
export const DRAIN_MAX_MS = 10_000;
/** Limit of one `post-run` entry: it collects results, it does not work. */
export const POST_RUN_TIMEOUT_MS = 30_000;
/** Limit of one git command: large repositories take minutes, a stuck server for ever. */
export const GIT_TIMEOUT_MS = 600_000;
/** How often a running build asks whether it is still wanted. */
export const HEARTBEAT_MS = 5_000;
/** Largest return file; what is larger is no result but an upload. */
export const RETURN_FILE_BYTES_MAX = 1_048_576;
/** Deepest nesting of returned data: deeper data could exhaust a stack further on. */
export const RETURN_DEPTH_MAX = 64;
/** Longest value of an environment variable; the kernel refuses 128 KiB. */
export const VARIABLE_BYTES_MAX = 100_000;
/** How long an external CI may take to accept a launch (contracts, section 5). */
export const HTTP_TIMEOUT_MS = 10_000;
/** Most of an answer that is read before the connection is closed. */
export const HTTP_ANSWER_BYTES_MAX = 65_536;
/** Pause before the second and last try of a cancellation. */
export const CANCEL_RETRY_MS = 2_000;
/** How long the end of an attempt is kept in hand while Redis does not take it. */
export const REPORT_PATIENCE_MS = 120_000;
/** Pause before an attempt that follows a failed one, doubled each time. */
export const RETRY_PAUSE_MS = 1_000;
/** Longest such pause. */
export const RETRY_PAUSE_MAX_MS = 30_000;
/** Messages that may be in hand beside running command jobs, so that a cancel never waits. */
export const LIGHT_MESSAGES_MAX = 64;
/** How long a launch waits in hand for a free place before another runner gets a chance. */
export const PLACE_PATIENCE_MS = 5_000;
/** Pause of a launch that waited in vain: just long enough for another runner to take it. */
export const PLACE_PAUSE_MIN_MS = 500;
/** Pause of a launch that found too many waiting: hundreds of them must not keep Redis busy. */
export const PLACE_PAUSE_MAX_MS = 10_000;
/** Characters of a command line that a detail quotes. */
export const QUOTED_CHARACTERS_MAX = 80;
/** Bytes of git's output that are kept to explain a failed checkout. */
export const GIT_TAIL_BYTES = 4_096;
/** Workspaces of other hosts in a shared directory count as abandoned after this long. */
export const FOREIGN_WORKSPACE_AGE_MS = 86_400_000;
