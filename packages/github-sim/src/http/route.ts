/** How the parts of the REST API say what they answer. */
import type { Caller, InstallationCaller } from '../auth/authenticate.ts';
import type { Core } from '../core.ts';
import type { Permissions, RepoRecord, Role, UserRecord } from '../state/types.ts';

/** Who may call: strangers too, an App itself, an installation, or whoever has the permission. */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'app' }
  | { readonly kind: 'installation' }
  | { readonly kind: 'user' }
  | {
      readonly kind: 'repo';
      /** Alternatives; an installation needs every permission of one of them. */
      readonly anyOf: readonly Permissions[];
      /** What a person needs; by default read for GET, else write. */
      readonly role: Role;
    };

export interface Call {
  /** Path without the API prefix. */
  readonly path: string;
  readonly core: Core;
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: ReadonlyMap<string, string>;
  /** JSON, already held to GitHub's description. */
  readonly body: unknown;
  readonly accept: string;
  /** Value of X-GitHub-Api-Version, or the default. */
  readonly version: string;
}

/** A call below `/repos/{owner}/{repo}`, whose caller may see the repository. */
export interface RepoCall extends Call {
  readonly repo: RepoRecord;
  /** In whose name things are done. */
  readonly actor: UserRecord;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is instead of `body`. */
  readonly raw?: { readonly bytes: Buffer; readonly type: string };
  /** The whole list of which the page was cut; sent as the Link header. */
  readonly link?: string;
}

export interface Route {
  readonly method: string;
  /** Path as the OpenAPI description writes it. */
  readonly template: string;
  readonly access: Access;
  readonly handle: (call: RepoCall) => Promise<Reply> | Reply;
}

/** A route below `/repos/{owner}/{repo}`; `name` is the method and what follows in the path. */
export function repoRoute(
  name: string,
  needs: { anyOf: readonly Permissions[]; role?: Role },
  handle: (call: RepoCall) => Promise<Reply> | Reply,
): Route {
  const { method, template } = parse(name);
  const role = needs.role ?? (method === 'GET' ? 'read' : 'write');
  const access: Access = { kind: 'repo', anyOf: needs.anyOf, role };
  return { method, template: `/repos/{owner}/{repo}${template}`, access, handle };
}

/** A route elsewhere; `name` is the method and the path. */
export function route(
  name: string,
  kind: 'public' | 'app' | 'installation' | 'user',
  handle: (call: Call) => Promise<Reply> | Reply,
): Route {
  return { ...parse(name), access: { kind }, handle };
}

function parse(name: string): { method: string; template: string } {
  const space = name.indexOf(' ');
  return { method: name.slice(0, space), template: name.slice(space + 1) };
}

export function ok(body: unknown, more: Omit<Reply, 'status' | 'body'> = {}): Reply {
  return { status: 200, body, ...more };
}

export function created(body: unknown): Reply {
  return { status: 201, body };
}

export const noContent: Reply = { status: 204 };

/**
 * The body in the shape that the operation's schema promises. It was validated against GitHub's
 * description before the handler ran, which is why the cast is sound.
 */
export function bodyOf<T extends object>(call: Call): T {
  return (call.body ?? {}) as T;
}

/** The App of an installation's token; only Apps may write checks. */
export function installationOf(call: Call): InstallationCaller | null {
  return call.caller.kind === 'installation' ? call.caller : null;
}
