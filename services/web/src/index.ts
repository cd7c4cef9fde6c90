export {
  CHANGES_TOPIC,
  type EnqueueAnswer,
  type Readiness,
  type WebDeps,
  type WebSettings,
} from './deps.ts';
export { registerWeb } from './web.ts';
