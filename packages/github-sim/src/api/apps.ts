/** Apps, their installations, tokens and webhook deliveries. */
import { includesLevel, reaches, revoke } from '../auth/authenticate.ts';
import { makeToken, TOKEN_LIFE_MS } from '../auth/installation-token.ts';
import { type Core, isoTime } from '../core.ts';
import { notFound, Refusal } from '../errors.ts';
import { page } from '../http/paging.ts';
import {
  bodyOf,
  type Call,
  created,
  noContent,
  ok,
  type Reply,
  type Route,
  route,
} from '../http/route.ts';
import { showApp, showInstallation } from '../present/accounts.ts';
import { showRepo, showRights } from '../present/repositories.ts';
import { covers, findRepo, findUser, installedRepos, needInstallation } from '../state/find.ts';
import type { AppRecord, InstallationRecord, Permissions, RepoRecord } from '../state/types.ts';

/** Routes with an App's own token, and `/installation/repositories`. */
export const appRoutes: readonly Route[] = [
  route('GET /app', 'app', (call) => {
    const app = appOf(call);
    const count = call.core.state.installations.filter((each) => each.appId === app.id).length;
    return ok({ ...showApp(call.core, app), installations_count: count });
  }),
  route('GET /app/installations', 'app', (call) => {
    const app = appOf(call);
    const mine = call.core.state.installations.filter((each) => each.appId === app.id);
    const { items, link } = page(call, mine);
    return ok(
      items.map((each) => showInstallation(call.core, each)),
      { link },
    );
  }),
  route('GET /app/installations/{installation_id}', 'app', (call) =>
    ok(showInstallation(call.core, ownInstallation(call))),
  ),
  route('POST /app/installations/{installation_id}/access_tokens', 'app', createToken),
  route('GET /app/hook/config', 'app', (call) => {
    const app = appOf(call);
    const secret = app.webhookSecret === '' ? {} : { secret: '********' };
    return ok({ content_type: 'json', insecure_ssl: '0', url: app.webhookUrl ?? '', ...secret });
  }),
  route('GET /repos/{owner}/{repo}/installation', 'app', (call) => {
    const repo = findRepo(call.core.state, `${call.params.owner}/${call.params.repo}`);
    const found = installationBy(call, (each) => repo !== undefined && covers(each, repo));
    return ok(showInstallation(call.core, found));
  }),
  route('GET /orgs/{org}/installation', 'app', (call) => accountInstallation(call, 'org')),
  route('GET /users/{username}/installation', 'app', (call) =>
    accountInstallation(call, 'username'),
  ),
  route('GET /installation/repositories', 'installation', listRepositories),
  route('DELETE /installation/token', 'installation', (call) => {
    if (call.caller.kind === 'installation') revoke(call.core, call.caller);
    return noContent;
  }),
];

/** The App that calls. */
export function appOf(call: Call): AppRecord {
  if (call.caller.kind !== 'app') throw new Refusal(401, 'A JSON web token could not be decoded');
  return call.caller.app;
}

function installationBy(
  call: Call,
  fits: (installation: InstallationRecord) => boolean,
): InstallationRecord {
  const app = appOf(call);
  const found = call.core.state.installations.find((each) => each.appId === app.id && fits(each));
  if (found === undefined) throw notFound();
  return found;
}

function ownInstallation(call: Call): InstallationRecord {
  const installation = needInstallation(call.core.state, Number(call.params.installation_id));
  if (installation.appId !== appOf(call).id) throw notFound();
  return installation;
}

function accountInstallation(call: Call, parameter: string): Reply {
  const account = findUser(call.core.state, call.params[parameter] ?? '');
  const found = installationBy(call, (each) => each.accountId === account?.id);
  return ok(showInstallation(call.core, found));
}

interface TokenRequest {
  readonly repositories?: readonly string[];
  readonly repository_ids?: readonly number[];
  readonly permissions?: Permissions;
}

function createToken(call: Call): Reply {
  const { core } = call;
  const installation = ownInstallation(call);
  if (installation.suspendedAt !== null) {
    throw new Refusal(403, 'This installation has been suspended');
  }
  const request = bodyOf<TokenRequest>(call);
  const chosen = chosenRepositories(core, installation, request);
  const permissions = request.permissions ?? null;
  for (const [name, level] of Object.entries(permissions ?? {})) {
    if (includesLevel(installation.permissions[name], level) || name === 'metadata') continue;
    throw new Refusal(422, 'The permissions requested are not granted to this installation.');
  }
  const expiresAtMs = core.options.clock.now().getTime() + TOKEN_LIFE_MS;
  const token = makeToken(core.state.tokenSecret, installation.appId, {
    installation: installation.id,
    expiresAtMs,
    repositories: chosen === null ? null : chosen.map((repo) => repo.id),
    permissions,
  });
  return created({
    token,
    expires_at: isoTime(new Date(expiresAtMs)),
    permissions: permissions ?? installation.permissions,
    repository_selection: chosen === null ? installation.selection : 'selected',
    ...(chosen === null ? {} : { repositories: chosen.map((repo) => showRepo(core, repo)) }),
  });
}

function chosenRepositories(
  core: Core,
  installation: InstallationRecord,
  request: TokenRequest,
): RepoRecord[] | null {
  const { repositories: names, repository_ids: ids } = request;
  if (names === undefined && ids === undefined) return null;
  const mine = installedRepos(core.state, installation);
  const byName = (names ?? []).map((name) =>
    mine.find((repo) => repo.name.toLowerCase() === name.toLowerCase()),
  );
  const byId = (ids ?? []).map((id) => mine.find((repo) => repo.id === id));
  const found = [...byName, ...byId].filter((repo) => repo !== undefined);
  if (found.length === byName.length + byId.length && found.length > 0) return found;
  throw new Refusal(
    422,
    'There is at least one repository that does not exist or is not accessible to the parent ' +
      'installation.',
  );
}

function listRepositories(call: Call): Reply {
  const { caller, core } = call;
  if (caller.kind !== 'installation') throw notFound();
  const mine = core.state.repos.filter((repo) => reaches(caller, repo));
  const { items, link } = page(call, mine);
  return ok(
    {
      total_count: mine.length,
      repository_selection: caller.installation.selection,
      repositories: items.map((repo) => ({
        ...showRepo(core, repo),
        permissions: showRights('read'),
      })),
    },
    { link },
  );
}
