/** What is wrong with configurations as they stand, in the words of the overview. */
import type { ConfigurationView, ProblemView, StandingProblemView } from '@gatehouse/contracts';

/** Errors that are there at once; the rest is unfolded. */
export const ERRORS_OPEN_MAX = 5;

/** Everything that the section says. */
export interface ConfigurationSection {
  /** `2 errors and 1 warning` */
  readonly summary: string;
  readonly about: string;
  /** Shown at once. */
  readonly errors: readonly StandingProblemView[];
  /** Unfolded on request, each list under its own words. */
  readonly folds: readonly Fold[];
  /** What is not listed, and where it is; null when everything is. */
  readonly rest: string | null;
}

/** A list that is folded away. */
export interface Fold {
  readonly title: string;
  readonly problems: readonly StandingProblemView[];
}

const ABOUT =
  'What stands wrong on branches holds no pull request up: the rest of a configuration works.';

/** Null when there is nothing to say. */
export function sectionOf(configuration: ConfigurationView): ConfigurationSection | null {
  const { problems, errors_count, warnings_count } = configuration;
  if (errors_count + warnings_count === 0) return null;
  const errors = problems.filter(({ level }) => level === 'error');
  const warnings = problems.filter(({ level }) => level === 'warning');
  const folded = errors.slice(ERRORS_OPEN_MAX);
  const folds = [
    { title: counted(folded.length, 'more error'), problems: folded },
    { title: counted(warnings.length, 'warning'), problems: warnings },
  ];
  const hidden = errors_count + warnings_count - problems.length;
  return {
    summary: summaryOf(configuration),
    about: ABOUT,
    errors: errors.slice(0, ERRORS_OPEN_MAX),
    folds: folds.filter((fold) => fold.problems.length > 0),
    rest:
      hidden === 0
        ? null
        : `${counted(hidden, 'more')} not listed: gatehouse lint OWNER/NAME shows all of a repository’s.`,
  };
}

/** The words beside the number of errors in the page's head; the number stands before them. */
export function errorsWord(count: number): string {
  return count === 1 ? 'configuration error' : 'configuration errors';
}

/** `acme/api .gatehouse.yaml:3` */
export function placeOf({ repository, path, line }: ProblemView): string {
  return `${repository} ${path}${line === null ? '' : `:${line}`}`;
}

/** `on main and 2 other branches`; null where a configuration holds for every branch. */
export function branchesOf({ branch, other_branches }: StandingProblemView): string | null {
  if (branch === null) return null;
  if (other_branches.length === 0) return `on ${branch}`;
  const [other] = other_branches;
  return other_branches.length === 1
    ? `on ${branch} and ${other}`
    : `on ${branch} and ${other_branches.length} other branches`;
}

/**
 * Told aloud when errors come or go while somebody looks.
 *
 * @param before null: the first look, which is no news
 */
export function configurationNews(
  before: ConfigurationView | null,
  now: ConfigurationView,
): string {
  if (before === null || before.errors_count === now.errors_count) return '';
  return now.errors_count === 0
    ? 'No configuration errors any more.'
    : `${now.errors_count} ${errorsWord(now.errors_count)}.`;
}

function summaryOf({ errors_count, warnings_count }: ConfigurationView): string {
  const parts = [
    errors_count > 0 && counted(errors_count, 'error'),
    warnings_count > 0 && counted(warnings_count, 'warning'),
  ];
  return parts.filter((part) => typeof part === 'string').join(' and ');
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 || word === 'more' ? '' : 's'}`;
}
