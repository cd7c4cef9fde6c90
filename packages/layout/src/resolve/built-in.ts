/** The jobs that are there without being defined. */

import { noAttributes } from '../define/job.ts';
import type { JobDefinition } from '../definitions.ts';
import type { SourcePlace } from '../layout.ts';

/** Place of what is built in: no repository has this name. */
export const builtInPlace: SourcePlace = {
  repository: '',
  branch: null,
  path: 'built-in',
  line: 1,
};

function builtIn(name: string, isAbstract: boolean): JobDefinition {
  return {
    name,
    place: builtInPlace,
    branches: null,
    attributes: { ...noAttributes, isAbstract },
    set: [],
    setLines: [],
    parent: null,
    parentPlace: null,
    isBase: true,
    impliedBranches: null,
    isTrusted: true,
  };
}

/** `base`, which everything inherits from unless it says otherwise, and `noop`, which succeeds. */
export const builtInJobs: readonly JobDefinition[] = [
  builtIn('base', true),
  builtIn('noop', false),
];

/** True for the built-in job that does nothing. */
export function isNoop(job: JobDefinition): boolean {
  return job.name === 'noop' && job.place.path === builtInPlace.path && job.place.repository === '';
}
