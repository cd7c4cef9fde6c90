/**
 * Every bound on configuration text. Real files stay far below all of them (the largest public
 * Zuul configurations hold some hundred items in files of a few hundred kilobytes); what exceeds
 * one is a mistake or an attack, and either should cost little and be told plainly.
 */

/** Characters of one file; as many bytes are the most that are fetched of one. */
export const fileCharactersMax = 1_048_576;
/** Items of one file. */
export const fileItemsMax = 10_000;
/** Levels of maps and lists inside each other. Deeper text could exhaust the stack. */
export const depthMax = 64;
/** Values of one file after its aliases are followed; bounds what a nest of aliases can cost. */
export const fileValuesMax = 500_000;
/** Files of one source. */
export const sourceFilesMax = 1_000;
/**
 * Characters of one source that are read by the slower, complete reader: some microseconds each
 * where the text is broken all over, during which nothing else goes on.
 */
export const elaborateCharactersMax = 524_288;
/** Problems reported for one file; further ones are counted in a last line. */
export const fileProblemsMax = 200;
/** Undefined names reported for one layout; further ones are counted in a last line. */
export const referenceProblemsMax = 2_000;
/** Characters of one regular expression. */
export const patternCharactersMax = 10_000;
/** Compiled expressions that are remembered at most. */
export const patternsRemembered = 4_000;
/** Longest limit of a job, in seconds, unless settings say otherwise; Zuul's `max-job-timeout`. */
export const jobTimeoutMaxS = 10_800;
/** A job's limit unless it says otherwise, in seconds. */
export const jobTimeoutDefaultS = 1_800;
/** Tries of a job unless it says otherwise. */
export const jobAttemptsDefault = 3;
/** Most tries a job can ask for: a bound on what a broken preparation can cost. */
export const jobAttemptsMax = 100;
/** Names in one chain of parents. */
export const inheritanceDepthMax = 100;
/** Characters of offending text that a message quotes. */
export const quotedCharactersMax = 60;
/** Job lists of one layout that are remembered at most: one for a repository, branch and pipeline. */
export const settledListsMax = 64;
