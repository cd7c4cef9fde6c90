/** Every limit of the ingress, with its reason. */

/**
 * Bytes of a webhook's body.
 * Source: https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap (25 MB)
 */
export const BODY_BYTES_MAX = 25 * 1024 * 1024;

/**
 * Bytes of bodies in memory over all requests. Before the signature is checked a body may come
 * from anybody, so strangers together must not fill the memory.
 */
export const BUFFERED_BYTES_MAX = 256 * 1024 * 1024;

/** How long a body may take to arrive; the most patient sender has given up by then (30 s). */
export const BODY_TIMEOUT_MS = 30_000;

/** How long the stores may take; GitHub waits 10 s for an answer and gets ours well before. */
export const STORE_TIMEOUT_MS = 3000;

/** What a sender that is refused is told about trying again, in seconds. */
export const RETRY_AFTER_S = 30;

/** How much of a refused body is read and thrown away, so that its sender gets to the answer. */
export const LINGER_BYTES_MAX = 64 * 1024 * 1024;
export const LINGER_MS = 5000;

/** Refusals of one kind are told in one log line per this time. */
export const REFUSAL_LOG_INTERVAL_MS = 60_000;

/** Between two looks at GitHub's list of failed deliveries. */
export const HEALING_INTERVAL_MS = 5 * 60_000;

/**
 * GitHub keeps deliveries for three days and sends none of them again afterwards.
 * Source: https://docs.github.com/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks
 */
export const HEALING_WINDOW_MS = 3 * 24 * 60 * 60_000;

/** A look reaches back before the last complete one, because an attempt is listed late. */
export const HEALING_OVERLAP_MS = 60 * 60_000;

/** Pages (of 100 attempts) that are worked on at once: the newest thousand deliveries. */
export const PROMPT_PAGES = 10;

/** Redeliveries in hand at once while pages are worked on promptly. */
export const PROMPT_CONCURRENCY = 8;

/**
 * Beyond the prompt pages: pause per page, and per redelivery on it. GitHub allows 900 points a
 * minute, a redelivery counts 5; this takes at most half of it.
 * Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#calculating-points-for-the-secondary-rate-limit
 */
export const PACED_PAGE_MS = 1000;
export const PACED_REDELIVERY_MS = 700;

/** First pause after a look that failed; it doubles up to the ordinary interval. */
export const HEALING_RETRY_MS = 5000;

/**
 * Pauses before a delivery is asked for again when it failed again; after the last one it is left
 * alone, so that what can never succeed is not sent for ever.
 */
export const ASK_AGAIN_MS = [5, 15, 60, 360, 1440].map((minutes) => minutes * 60_000);

/**
 * How long one process's claim on healing holds without being renewed. Short, because a process
 * that starts after a crash has to look within a minute.
 */
export const HEALING_LEASE_MS = 20_000;

/** A lease that was renewed less than this ago is not renewed again. */
export const LEASE_RENEWAL_MS = HEALING_LEASE_MS / 4;
