/** Who calls: an App, one of its installations, a person, or a stranger. */
import { createHash } from 'node:crypto';
import type { Core } from '../core.ts';
import { Refusal } from '../errors.ts';
import { covers, userById } from '../state/find.ts';
import type {
  AppRecord,
  InstallationRecord,
  Permissions,
  RepoRecord,
  UserRecord,
} from '../state/types.ts';
import { readToken } from './installation-token.ts';
import { verifyJwt } from './jwt.ts';

export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'app'; readonly app: AppRecord }
  | { readonly kind: 'user'; readonly user: UserRecord }
  | InstallationCaller;

export interface InstallationCaller {
  readonly kind: 'installation';
  readonly token: string;
  readonly app: AppRecord;
  readonly installation: InstallationRecord;
  readonly repositories: readonly number[] | null;
  readonly permissions: Permissions;
  /** The App's bot account, in whose name things are done. */
  readonly user: UserRecord;
}

/**
 * Reads an Authorization header: `Bearer`, `token`, or `Basic` with the token as password.
 *
 * @throws Refusal 401 for credentials that are wrong or expired, 403 for a suspended installation.
 */
export function authenticate(core: Core, header: string | undefined): Caller {
  const token = tokenOf(header);
  if (token === null) return { kind: 'anonymous' };
  const nowMs = core.options.clock.now().getTime();
  if (token.startsWith('ghs_')) return installationOf(core, token, nowMs);
  const user = core.state.users.find((each) => each.token !== '' && each.token === token);
  if (user !== undefined) return { kind: 'user', user };
  if (token.split('.').length === 3) {
    return { kind: 'app', app: verifyJwt(token, core.state.apps, nowMs) };
  }
  throw new Refusal(401, 'Bad credentials');
}

function tokenOf(header: string | undefined): string | null {
  if (header === undefined) return null;
  const [scheme = '', value = ''] = header.trim().split(/\s+/, 2);
  if (/^(bearer|token)$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) throw new Refusal(401, 'Bad credentials');
  const pair = Buffer.from(value, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const password = pair.slice(colon + 1);
  return password === '' ? pair.slice(0, colon) : password;
}

function installationOf(core: Core, token: string, nowMs: number): InstallationCaller {
  if (core.state.revokedTokens.includes(hashOf(token))) throw new Refusal(401, 'Bad credentials');
  const claims = readToken(core.state.tokenSecret, token);
  const installation = core.state.installations.find((each) => each.id === claims?.installation);
  const app = core.state.apps.find((each) => each.id === installation?.appId);
  if (claims === null || installation === undefined || app === undefined) {
    throw new Refusal(401, 'Bad credentials');
  }
  if (claims.expiresAtMs <= nowMs) throw new Refusal(401, 'Bad credentials');
  if (installation.suspendedAt !== null) {
    throw new Refusal(403, 'This installation has been suspended');
  }
  return {
    kind: 'installation',
    token,
    app,
    installation,
    repositories: claims.repositories,
    permissions: narrowed(installation.permissions, claims.permissions),
    user: userById(core.state, app.botId),
  };
}

/** Gives a token back before its hour is over. */
export function revoke(core: Core, caller: InstallationCaller): void {
  core.state.revokedTokens.push(hashOf(caller.token));
  core.store.touch();
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Permissions of a token never exceed what the installation has now. */
function narrowed(granted: Permissions, asked: Permissions | null): Permissions {
  if (asked === null) return granted;
  return Object.fromEntries(Object.entries(asked).filter(([name]) => granted[name] !== undefined));
}

/** True when an installation's token reaches the repository. */
export function reaches(caller: InstallationCaller, repo: RepoRecord): boolean {
  if (!covers(caller.installation, repo)) return false;
  return caller.repositories === null || caller.repositories.includes(repo.id);
}

/** True when one permission level includes another. */
export function includesLevel(granted: string | undefined, needed: string): boolean {
  const levels = ['read', 'write', 'admin'];
  return granted !== undefined && levels.indexOf(granted) >= levels.indexOf(needed);
}
