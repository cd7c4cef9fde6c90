export type { ReporterDeps } from './deps.ts';
export { createReporter, type Reporter } from './reporter.ts';
