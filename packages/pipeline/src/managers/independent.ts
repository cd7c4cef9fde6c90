/**
 * The independent manager: every item is alone in its queue. Nothing is ahead of it, nothing waits
 * for it, nobody's failure touches it. So its record is its queue, and admitting costs the same
 * however many items the pipeline holds.
 */
import { type Admission, enqueue } from '../item/enqueue.ts';
import type { Work } from '../work.ts';

/** Source: https://zuul-ci.org/docs/zuul/latest/config/pipeline.html#value-pipeline.manager.independent */
export const independent = {
  name: 'independent',
  admit(work: Work, admission: Admission): Work {
    return enqueue(work, admission);
  },
} as const;
