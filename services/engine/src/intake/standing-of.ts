/** How a repository's configuration stands, from the layout of a base that was just loaded. */
import type { ConfigurationProblem } from '@gatehouse/model';
import type { ConfigurationStanding } from '@gatehouse/ports';
import type { LayoutQuestion, ReadSource } from './sources.ts';

/** A base with where it was read. */
export interface LoadedBase {
  readonly loaded: {
    readonly question: LayoutQuestion;
    readonly problems: readonly ConfigurationProblem[];
    /** The owner's other repositories that it was read from. */
    readonly others: readonly ReadSource[];
  };
  /** The sources that stand for the repository as it is now. */
  readonly standing: readonly ReadSource[];
  /** When reading began, in milliseconds since 1970. */
  readonly readAt: number;
}

/**
 * The same whichever of the repository's branches was asked for: one that is neither the default
 * branch nor protected stands for nothing but itself.
 */
export function standingOf({ loaded, standing, readAt }: LoadedBase): ConfigurationStanding {
  const isThere = ({ branch, repository }: ConfigurationProblem) =>
    standing.some(
      ({ source }) =>
        source.branch === branch && source.repository.toLowerCase() === repository.toLowerCase(),
    );
  return {
    repository: loaded.question.repository,
    sources: [...standing, ...loaded.others].map(({ source, contentHash }) => ({
      repository: source.repository,
      branch: source.branch,
      contentHash,
    })),
    problems: loaded.problems.filter(isThere),
    readAt,
  };
}
