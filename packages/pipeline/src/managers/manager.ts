/** A pipeline manager: the queueing strategy of a pipeline, one file each. */
import type { ManagerName } from '@gatehouse/layout';
import type { Admission } from '../item/enqueue.ts';
import type { Work } from '../work.ts';
import { independent } from './independent.ts';

/** What differs between managers. */
export interface Manager {
  readonly name: ManagerName;
  /** Puts a change that may enter into the pipeline's queue. */
  admit(work: Work, admission: Admission): Work;
}

/** Null: this version does not run pipelines of that manager, and says so where one is met. */
export function managerOf(name: ManagerName): Manager | null {
  switch (name) {
    case 'independent':
      return independent;
    case 'dependent':
    case 'serial':
    case 'supercedent':
      return null;
  }
}
