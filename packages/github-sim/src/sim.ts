/**
 * The composition of a simulator: memory, webhooks, actions and the server.
 * Modes: made → started → stopped. `stop()` ends open connections, waits for webhooks that are
 * under way and writes the state; a stopped simulator is not started again, but another one may be
 * made on the same folder.
 */
import { createActions } from './actions/actions.ts';
import type { RequestRow, SimActions, Violation } from './actions/types.ts';
import { routes } from './api/routes.ts';
import type { SimTick } from './client.ts';
import type { Core } from './core.ts';
import { createFaults } from './http/faults.ts';
import { createRateLimits } from './http/rate-limit.ts';
import { createRouter } from './http/router.ts';
import { createSimServer } from './http/server.ts';
import { createLocks } from './locks.ts';
import { sharedValidator, type Validator } from './openapi/validator.ts';
import { type GithubSimOptions, resolveOptions } from './options.ts';
import { openStore } from './state/store.ts';
import { createHooks } from './webhooks/hooks.ts';

/** A simulated GitHub. */
export interface GithubSim {
  /** Listens, and resolves with the addresses once requests are answered. */
  start(): Promise<{ url: string; apiUrl: string; gitUrl: string }>;
  /** Closes connections, waits for webhooks under way, saves the state. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
  /** What people and administrators do. */
  readonly act: SimActions;
  /** Everything that broke GitHub's rules so far. Tests assert that it stays empty. */
  readonly violations: readonly Violation[];
  /** True when the folder held a state from an earlier run. */
  readonly isRestored: boolean;
  /** Calls `listener` after each change; returns the way to stop that. */
  onChange(listener: (tick: SimTick) => void): () => void;
}

/** A simulator on `options.dataDir`; it answers nothing until `start()`. */
export function createGithubSim(options: GithubSimOptions): GithubSim {
  const validator = sharedValidator();
  const core = createCore(options, validator);
  const act = createActions(core);
  const server = createSimServer({ core, act, router: createRouter(routes), validator });
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    if (server.listening) await closed;
    await act.settled();
    core.store.close();
  };
  return {
    act,
    violations: core.violations,
    isRestored: core.store.isRestored,
    async start() {
      const { host, port, publicUrl } = core.options;
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, resolve);
      });
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      core.urls.root = publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
      core.urls.api = `${core.urls.root}/api/v3`;
      return { url: core.urls.root, apiUrl: core.urls.api, gitUrl: core.urls.root };
    },
    stop,
    [Symbol.asyncDispose]: stop,
    onChange(listener) {
      core.listeners.add(listener);
      return () => core.listeners.delete(listener);
    },
  };
}

function createCore(options: GithubSimOptions, validator: Validator): Core {
  const resolved = resolveOptions(options);
  const store = openStore(resolved.dataDir);
  const violations: Violation[] = [];
  const requests: RequestRow[] = [];
  const check = (event: string, action: string | null, payload: unknown) => {
    if (!resolved.checkWebhooks) return;
    // Through JSON and back, so that the check sees what the receiver will see.
    const complaint = validator.webhook(event, action, JSON.parse(JSON.stringify(payload)));
    if (complaint === null) return;
    const path = action === null ? event : `${event}.${action}`;
    violations.push({ kind: 'webhook', method: 'POST', path, message: complaint });
  };
  const core: Core = {
    options: resolved,
    store,
    state: store.state,
    urls: { root: 'http://unstarted.invalid', api: 'http://unstarted.invalid/api/v3' },
    faults: createFaults(),
    limits: createRateLimits(resolved.clock, resolved.rateLimit),
    locks: createLocks(),
    hooks: createHooks(() => core, resolved.dataDir, check),
    requests,
    violations,
    listeners: new Set(),
    background: new Set(),
    version: 0,
  };
  return core;
}
