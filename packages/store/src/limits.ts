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

/**
 * Problems of a configuration are kept this long when nothing is heard of its repository: one that
 * was deleted or left must not stay on the dashboard for ever.
 */
export const standingMemoryMs = 90 * dayMs;
/** Problems that stand unchanged are written again after this, so that they are not forgotten. */
export const standingRefreshMs = dayMs;
/** That there are none is remembered until whoever reads slowly has read, too. */
export const soundStandingMemoryMs = 10 * 60 * 1_000;
/** Repositories of one tenant whose problems are kept; more than anybody looks through. */
export const standingsMax = 100;
/** Problems that are kept of one repository, errors first; the rest is counted. */
export const standingProblemsMax = 50;
/** Characters of a problem's message, its remedy, its path and its branch; GitHub's refs have 255. */
export const standingTextMax = { message: 600, remedy: 400, path: 400, branch: 255 } as const;
/** Repositories that are named with a standing; with more it is told that there are too many. */
export const standingSourcesMax = 50;
/** Contents, branch by branch, that are compared to see whether a standing is outdated. */
export const standingContentsMax = 200;
