import type { ConfigurationProblem } from '@gatehouse/model';

/**
 * The problems of a layout with a change's configuration that its base does not have: those block
 * the change and are told to it, while what stands on the base already is not the change's doing.
 * Lines do not count, because a change moves them.
 */
export function problemsBrought(
  own: readonly ConfigurationProblem[],
  base: readonly ConfigurationProblem[],
): readonly ConfigurationProblem[] {
  const known = new Set(base.map(signature));
  return own.filter((problem) => !known.has(signature(problem)));
}

function signature({ repository, path, code, message }: ConfigurationProblem): string {
  return JSON.stringify([repository, path, code, message]);
}
