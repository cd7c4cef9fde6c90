/** How long the store remembers what. Milliseconds. */

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * GitHub sends a delivery again on request for 3 days on github.com and 7 days on GitHub Enterprise
 * Server; a day is added for clocks and queues.
 * Source: https://docs.github.com/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks
 */
export const deliveryMemoryMs = 8 * dayMs;

/** The same fact can come back for as long as its delivery can. */
export const eventMemoryMs = deliveryMemoryMs;

/** Answers to late reports about a build that is over. */
export const closedBuildMemoryMs = deliveryMemoryMs;

/** A build that nobody ever closes goes after this; a GitHub workflow run ends after 35 days. */
export const openBuildMemoryMs = 60 * dayMs;

/** Finished buildsets that a tenant's list of recent ones holds. */
export const recentBuildsetsMax = 200;

/** Links to a finished run find its tenant for this long. */
export const buildsetMemoryMs = 90 * dayMs;
