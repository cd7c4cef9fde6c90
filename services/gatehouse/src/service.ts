/**
 * The composition root: settings → adapters → roles → run → stop. What was opened is closed in the
 * reverse order: first nothing new comes in (HTTP), then the roles finish what they have in hand or
 * hand it back, then the queues and Redis go.
 *
 * Modes: starting → running → stopping → stopped. `/readyz` is 503 in all but the second.
 */
import { createHmac } from 'node:crypto';
import type { Log } from '@gatehouse/ports';
import type { Settings } from '@gatehouse/settings';
import type { FastifyInstance } from 'fastify';
import { type Adapters, openAdapters } from './adapters.ts';
import { freePort } from './free-port.ts';
import { createHttpApp, listen } from './http-app.ts';
import { identify } from './identify.ts';
import { createRoles, type Roles } from './roles.ts';
import { registerRoutes } from './routes.ts';

/** A running service. */
export interface Service extends AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Base of every link that is reported. */
  readonly publicUrl: string;
  /** Ends in order; calling it again waits for the same end. */
  stop(): Promise<void>;
}

/** What starting tells and needs besides the settings. */
export interface ServiceDeps {
  readonly log: Log;
  /** Told, in the user's words, what happens. */
  readonly onStep: (text: string) => void;
  /** 32 bytes: what must be the same in every process of a service is derived from it. */
  readonly secretsKey: Uint8Array;
  /** Of which jobs get a few harmless variables. */
  readonly hostEnvironment: Readonly<Record<string, string | undefined>>;
}

/**
 * Starts the roles that the settings name, in this process.
 * @throws GatehouseError when Redis cannot be had; Error when the address is taken.
 */
export async function startService(settings: Settings, deps: ServiceDeps): Promise<Service> {
  await using opening = new AsyncDisposableStack();
  const adapters = opening.use(await openAdapters(settings, deps));
  const stopping = new AbortController();
  opening.defer(() => stopping.abort());
  await identify({ connect: () => adapters.github.connect(), log: deps.log }, stopping.signal);
  const app = createHttpApp();
  opening.defer(() => app.close());
  // Links are made before anybody listens, so a free port is chosen first.
  const { host } = settings;
  const wanted = settings.port === 0 ? await freePort(host, 0) : settings.port;
  const publicUrl = settings.isPublicUrlDefault ? `http://localhost:${wanted}` : settings.publicUrl;
  const { hostEnvironment } = deps;
  const roles = createRoles({ settings, adapters, publicUrl, hostEnvironment });
  const state = { isStarted: false };
  const sessionKey = derivedKey(deps.secretsKey, 'session');
  await registerRoutes(app, { settings, adapters, roles, publicUrl, sessionKey, state });
  for (const { role } of roles.named) opening.defer(() => role.stop());
  // Before the roles: one asks GitHub first of all for what was missed, and that comes at once.
  const port = await listen(app, { host, port: wanted });
  await startAll(roles);
  state.isStarted = true;
  const open = opening.move();
  return running({ settings, app, roles, adapters, port, publicUrl, open });
}

/** When one start fails, the others are over too before this ends, or they would go on behind it. */
async function startAll(roles: Roles): Promise<void> {
  const starts = roles.named.map(({ role }) => role.start());
  try {
    await Promise.all(starts);
  } catch (error) {
    // Ends also a start that waits for Redis.
    await stopAll(roles);
    await Promise.allSettled(starts);
    throw error;
  }
}

/** All at once: a role that waits for GitHub must not keep another from ending its commands. */
async function stopAll(roles: Roles): Promise<void> {
  // Whoever opened them asks each again, and passes on what it rejects with.
  await Promise.allSettled(roles.named.map(({ role }) => role.stop()));
}

interface Running {
  readonly settings: Settings;
  readonly app: FastifyInstance;
  readonly roles: Roles;
  readonly adapters: Adapters;
  readonly port: number;
  readonly publicUrl: string;
  readonly open: AsyncDisposableStack;
}

function running({ settings, app, roles, port, publicUrl, open, adapters }: Running): Service {
  let stopped: Promise<void> | null = null;
  async function end(): Promise<void> {
    adapters.log.info({}, 'stopping');
    try {
      await app.close();
    } finally {
      await stopAll(roles);
      await open.disposeAsync();
    }
  }
  const stop = (): Promise<void> => {
    stopped ??= end();
    return stopped;
  };
  const { host } = settings;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { url, publicUrl, stop, [Symbol.asyncDispose]: stop };
}

/** A key for one purpose: knowing it does not give away the key it comes from. */
function derivedKey(key: Uint8Array, purpose: string): Uint8Array {
  return createHmac('sha256', key).update(`gatehouse:${purpose}`).digest();
}
