/** Limits of asking for what GitHub told us of and does not show yet. */

/** Tries, in all. */
export const NOT_SHOWN_TRIES_MAX = 5;
/** Pause before each further try, in milliseconds. */
export const NOT_SHOWN_PAUSE_MS = 1_000;
