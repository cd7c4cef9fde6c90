export { createReporter, type Reporter, type ReporterDeps } from './reporter.ts';
