export { createMerger, type Merger, type MergerDeps } from './merger.ts';
