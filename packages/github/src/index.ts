export { createGitHub, type GitHub } from './github.ts';
export type { AppIdentity } from './identity.ts';
export {
  defaultLimitsOf,
  type GitHubDeps,
  type GitHubLimits,
  type GitHubOptions,
  type ObservedRequest,
  publicApiUrl,
} from './options.ts';
