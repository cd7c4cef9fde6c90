/** The end of a build. */
import { type BuildResult, invariant } from '@gatehouse/model';
import type { Build } from '../state.ts';
import { type BuildInput, nextBuildPhase } from './machine.ts';

/** Ends a build that is not over. @param input names the transition that leads to the end. */
export function endBuild(
  build: Build,
  input: Extract<BuildInput, 'finish' | 'skip' | 'cancel' | 'time-out'>,
  end: { readonly result: BuildResult; readonly at: number; readonly detail: string | null },
): Build {
  const phase = nextBuildPhase(build.phase, input);
  invariant(phase === 'completed', `a ${build.phase} build does not end by ${input}`);
  return { ...build, phase, result: end.result, completedAt: end.at, detail: end.detail };
}
