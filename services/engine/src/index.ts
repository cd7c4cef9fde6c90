export type { EngineDeps } from './deps.ts';
export { createEngine, type Engine } from './engine.ts';
export {
  createLayouts,
  type Layouts,
  type LayoutsDeps,
  type LoadedLayout,
} from './intake/layouts.ts';
