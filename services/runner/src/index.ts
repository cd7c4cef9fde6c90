export type { OutputScrubber, RunnerDeps, RunnerSettings } from './deps.ts';
export { httpKey } from './http/signature.ts';
export { createRunner, type Runner } from './runner.ts';
