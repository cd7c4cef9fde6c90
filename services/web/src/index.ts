export {
  CHANGES_TOPIC,
  type EnqueueAnswer,
  type EnqueueRequest,
  type Readiness,
  type WebDeps,
  type WebSettings,
} from './deps.ts';
export { registerOperations } from './operations/operations.ts';
export { registerWeb, webServerOptions } from './web.ts';
