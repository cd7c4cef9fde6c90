import { type RepositoryKey, tenantOf } from '@gatehouse/model';
import type { ConfigurationStanding, StandingProblems, StandingSource } from '@gatehouse/ports';

/** The problems that stand, in a map; nothing is cut short and nothing is forgotten. */
export function memoryStandingProblems(): StandingProblems {
  const standings = new Map<string, ConfigurationStanding>();
  const standingOf = (repository: RepositoryKey) => standings.get(repository.toLowerCase());
  return {
    tell: async (standing) => {
      const before = standingOf(standing.repository);
      if (before !== undefined && before.readAt > standing.readAt) {
        return { code: 'stale', outdated: [] };
      }
      const isSame = textOf(before?.problems ?? []) === textOf(standing.problems);
      standings.set(standing.repository.toLowerCase(), structuredClone(standing));
      const outdated = [...standings.values()]
        .filter((other) => other.problems.length > 0 && isOutdated(other, standing))
        .map(({ repository }) => repository);
      return { code: isSame ? 'same' : 'changed', outdated: outdated.sort() };
    },
    list: async (tenant) =>
      [...standings.values()]
        .filter((one) => one.problems.length > 0 && tenantOf(one.repository) === tenant)
        .map(keptOf)
        .sort((a, b) => (a.repository.toLowerCase() < b.repository.toLowerCase() ? -1 : 1)),
  };
}

function textOf(problems: ConfigurationStanding['problems']): string {
  return JSON.stringify(problems);
}

/** True when another one was read from another content of the same source. */
function isOutdated(other: ConfigurationStanding, told: ConfigurationStanding): boolean {
  const isOther = tenantOf(other.repository) === tenantOf(told.repository);
  const isSame = (a: StandingSource, b: StandingSource): boolean =>
    a.repository.toLowerCase() === b.repository.toLowerCase() && a.branch === b.branch;
  return (
    isOther &&
    other.repository.toLowerCase() !== told.repository.toLowerCase() &&
    told.sources.some((source) =>
      other.sources.some(
        (known) => isSame(known, source) && known.contentHash !== source.contentHash,
      ),
    )
  );
}

function keptOf({ repository, sources, problems }: ConfigurationStanding) {
  const unique = [...new Map(problems.map((one) => [JSON.stringify(one), one])).values()];
  const errors = unique.filter(({ level }) => level === 'error');
  const warnings = unique.filter(({ level }) => level === 'warning');
  return {
    repository,
    sources: [...new Set([repository, ...sources.map((source) => source.repository)])],
    problems: [...errors, ...warnings],
    errorsCount: errors.length,
    warningsCount: warnings.length,
  };
}
