export type { MergerDeps } from './deps.ts';
export { createMerger, type Merger } from './merger.ts';
