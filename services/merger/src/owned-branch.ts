/** Branches that the service makes for speculative states, all below one prefix. */
import type { Item } from '@gatehouse/pipeline';

/** Nothing below it ever triggers a pipeline or supplies configuration. */
export const OWNED_PREFIX = 'gatehouse/';

/** The branch of an item's state, without `refs/heads/`; one per item, whether it exists or not. */
export function ownedBranchOf(item: Item): string {
  const pipeline = item.pipeline.name.replace(/[^A-Za-z0-9_-]+/g, '-');
  return `${OWNED_PREFIX}${pipeline}/${item.buildset}`;
}
