/**
 * The adapter as a whole: one object that is every port of the code host. It holds no connection
 * and runs nothing in the background; there is nothing to stop.
 */
import type {
  ChangeReader,
  CheckoutTokens,
  CheckRunWriter,
  CommentWriter,
  ConfigurationReader,
  ConfigurationSurvey,
  DeliveryLog,
  DeliveryReader,
  StateBuilder,
  StatusWriter,
} from '@gatehouse/ports';
import {
  createCheckoutTokens,
  createNarrowToken,
  type NarrowToken,
  tokenRoute,
} from './checkout.ts';
import { createCheckRunWriter, readShownRuns } from './checks.ts';
import { createCommentWriter } from './comments.ts';
import { readConfiguration } from './configuration.ts';
import { createContentMemory } from './content-memory.ts';
import type { GitHubContext } from './context.ts';
import { readDelivery } from './delivery/reader.ts';
import { createStateBuilder } from './git-data.ts';
import { createDeliveryLog } from './hook-deliveries.ts';
import { createApiVersion } from './http/api-version.ts';
import { type Client, createClient } from './http/client.ts';
import { createApp } from './http/octokit.ts';
import { createResponseMemory } from './http/response-memory.ts';
import { createTransport } from './http/transport.ts';
import { type AppIdentity, createIdentity } from './identity.ts';
import { createInstallations } from './installations.ts';
import {
  defaultLimitsOf,
  type GitHubDeps,
  type GitHubLimits,
  type GitHubOptions,
  publicApiUrl,
} from './options.ts';
import { readPermission } from './permissions.ts';
import { findChangesByHead, readChange, readChangedFiles } from './pulls.ts';
import { listBranches, listRepositories, readRepository } from './repositories.ts';
import { readApprovals } from './reviews.ts';
import { createStatusWriter } from './statuses.ts';

/** Every port of the code host. */
export interface GitHub
  extends ChangeReader,
    ConfigurationReader,
    ConfigurationSurvey,
    StateBuilder,
    CheckoutTokens,
    DeliveryLog,
    CheckRunWriter,
    CommentWriter,
    StatusWriter,
    DeliveryReader {
  /**
   * Asks GitHub who the App is, once. To be called before deliveries are read: until then comments
   * of our own are known by the App's number alone, and no sender counts as ourselves.
   * @throws GatehouseError `GATE_GITHUB_REFUSED` when GitHub does not accept the App's key.
   */
  connect(): Promise<AppIdentity>;
  /** Looks again where the App is installed; for `installation` notices of that account. */
  forgetAccount(login: string): void;
}

export function createGitHub(options: GitHubOptions, deps: GitHubDeps): GitHub {
  const { context, narrow } = assemble(options, deps);
  const appId = Number(options.appId);
  return {
    ...createStateBuilder(context),
    ...createCheckoutTokens(context, { clock: deps.clock, narrow }),
    ...createDeliveryLog(context),
    ...createCheckRunWriter(context),
    ...createCommentWriter(context),
    ...createStatusWriter(context),
    readChange: (repository, number) => readChange(context, repository, number),
    findChangesByHead: (repository, headSha) => findChangesByHead(context, repository, headSha),
    readPermission: (repository, login) => readPermission(context, repository, login),
    readApprovals: (repository, number, headSha) =>
      readApprovals(context, { repository, number, headSha }),
    readChangedFiles: (repository, number) => readChangedFiles(context, repository, number),
    readRepository: (repository) => readRepository(context, repository),
    readShownRuns: (repository, headSha) => readShownRuns(context, repository, headSha),
    readConfiguration: (repository, ref) => readConfiguration(context, repository, ref),
    listBranches: (repository, which) => listBranches(context, repository, which),
    listRepositories: (repository) => listRepositories(context, repository),
    readDelivery: (event, payload) =>
      readDelivery(
        { event, payload },
        { identity: context.identity.known(), appId: Number.isNaN(appId) ? null : appId },
      ),
    connect: () => context.identity.read(),
    forgetAccount: (login) => context.installations.forgetAccount(login),
  };
}

function assemble(
  options: GitHubOptions,
  deps: GitHubDeps,
): { context: GitHubContext; narrow: NarrowToken } {
  const { cache, clock, log } = deps;
  const apiUrl = (options.apiUrl ?? publicApiUrl).replace(/\/+$/, '');
  const limits: GitHubLimits = { ...defaultLimitsOf(apiUrl), ...options.limits };
  const transport = createTransport({
    clock,
    log,
    timeoutMs: limits.requestTimeoutMs,
    observe: deps.observe ?? (() => undefined),
    currentDelivery: deps.currentDelivery ?? (() => null),
  });
  const githubApp = createApp({
    apiUrl,
    appId: options.appId,
    privateKey: options.privateKey,
    userAgent: options.userAgent ?? 'gatehouse',
    limits,
    clock,
    tokenFetch: transport({ route: tokenRoute, installation: null }),
    warn: (text) => warn(log, text),
  });
  const version = createApiVersion(clock);
  const cacheScope = `${apiUrl}:${options.appId}`;

  const shared = { transport, version, clock };
  const part = (installation: number | null) => ({
    ...shared,
    installation,
    memory: createResponseMemory(cache, `${cacheScope}:${installation ?? 'app'}`),
  });
  const nothing = (): void => undefined;
  const app = createClient({ ...part(null), octokit: githubApp.octokit, onGone: nothing });
  const openClient = async (installation: number, onGone: () => void): Promise<Client> => {
    const octokit = await githubApp.getInstallationOctokit(installation);
    return createClient({ ...part(installation), octokit, onGone });
  };
  const installations = createInstallations({ app, clock, openClient });
  return {
    context: {
      installations,
      identity: createIdentity(app),
      app,
      cache,
      contents: createContentMemory(),
      log,
      cacheScope,
    },
    narrow: createNarrowToken(githubApp.octokit, clock),
  };
}

/** Whoever runs Gatehouse can set a clock right, but not stop the use of a deprecated route. */
function warn(log: GitHubDeps['log'], text: string): void {
  if (/\bis deprecated\b/.test(text)) log.debug({ text }, 'GitHub deprecates a route');
  else log.warn({ text }, 'octokit warns');
}
