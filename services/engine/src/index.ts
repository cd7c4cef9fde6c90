export { createEngine, type Engine, type EngineDeps } from './engine.ts';
