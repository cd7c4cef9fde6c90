/** Accounts, Apps and installations: what administrators do. */
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { type Core, now, tick } from '../core.ts';
import { Refusal } from '../errors.ts';
import { showInstallation } from '../present/accounts.ts';
import {
  findUser,
  fullName,
  installedRepos,
  needApp,
  needInstallation,
  needUser,
  userById,
} from '../state/find.ts';
import type { InstallationRecord, RepoRecord, UserRecord } from '../state/types.ts';
import { nodeId } from '../urls.ts';
import type { AppInput, AppResult, SimActions, UserResult } from './types.ts';

type Actions = Pick<
  SimActions,
  | 'createUser'
  | 'createOrganization'
  | 'setMember'
  | 'registerApp'
  | 'editApp'
  | 'installApp'
  | 'editInstallation'
  | 'uninstallApp'
>;

/** The administrators' actions. */
export function accountActions(core: Core): Actions {
  return {
    async createUser({ login, name, email }) {
      const address = email ?? `${login}@example.com`;
      const token = `ghp_${randomBytes(18).toString('hex')}`;
      const account = { login, name: name ?? login, email: address, type: 'User', token } as const;
      return showAccount(addUser(core, account));
    },
    async createOrganization({ login, name }) {
      const account = { login, name: name ?? login, email: '', type: 'Organization' } as const;
      return showAccount(addUser(core, { ...account, token: '' }));
    },
    async setMember({ organization, user, role }) {
      const members = needUser(core.state, organization).members;
      const id = String(needUser(core.state, user).id);
      if (role === null) delete members[id];
      else members[id] = role;
      tick(core, 'member');
    },
    registerApp: async (input) => registerApp(core, input),
    async editApp(input) {
      const app = needApp(core.state, input.app);
      if (input.webhookUrl !== undefined) app.webhookUrl = input.webhookUrl;
      if (input.webhookSecret !== undefined) app.webhookSecret = input.webhookSecret;
      if (input.permissions !== undefined) app.permissions = input.permissions;
      if (input.events !== undefined) app.events = [...input.events];
      for (const installation of core.state.installations) {
        if (installation.appId !== app.id) continue;
        installation.permissions = app.permissions;
        installation.events = app.events;
      }
      tick(core, 'app');
    },
    installApp: async (input) => installApp(core, input),
    async editInstallation(input) {
      const installation = needInstallation(core.state, input.installation);
      if (input.repositories !== undefined) select(core, installation, input.repositories);
      if (input.suspended !== undefined) suspend(core, installation, input.suspended);
    },
    async uninstallApp(input) {
      const installation = needInstallation(core.state, input.installation);
      tell(core, installation, 'deleted');
      const { installations } = core.state;
      installations.splice(installations.indexOf(installation), 1);
    },
  };
}

function addUser(
  core: Core,
  account: Pick<UserRecord, 'login' | 'name' | 'email' | 'type' | 'token'>,
): UserRecord {
  if (findUser(core.state, account.login) !== undefined) {
    throw new Refusal(422, `The name ${account.login} is taken`);
  }
  const user = { ...account, id: core.store.id(), members: {}, createdAt: now(core) };
  core.state.users.push(user);
  tick(core, 'user');
  return user;
}

function showAccount({ id, login, token }: UserRecord): UserResult {
  return { id, login, token };
}

function registerApp(core: Core, input: AppInput): AppResult {
  if (core.state.apps.some((app) => app.slug === input.slug || app.id === input.id)) {
    throw new Refusal(422, `An App ${input.slug} exists`);
  }
  const privateKey = input.privateKey ?? makeKey();
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
  const owner = input.owner ?? 'github';
  if (findUser(core.state, owner) === undefined) {
    addUser(core, { login: owner, name: owner, email: '', type: 'Organization', token: '' });
  }
  const id = input.id ?? core.store.id();
  const name = `${input.slug}[bot]`;
  const bot = addUser(core, { login: name, name, email: '', type: 'Bot', token: '' });
  bot.email = `${bot.id}+${name}@users.noreply.github.com`;
  const app = {
    id,
    slug: input.slug,
    name: input.name ?? input.slug,
    clientId: input.clientId ?? `Iv23li${randomBytes(7).toString('hex')}`,
    ownerId: needUser(core.state, owner).id,
    botId: bot.id,
    publicKey: String(publicKey),
    webhookUrl: input.webhookUrl ?? null,
    webhookSecret: input.webhookSecret ?? randomBytes(20).toString('hex'),
    permissions: { metadata: 'read', ...input.permissions },
    events: [...input.events],
    createdAt: now(core),
  };
  core.state.apps.push(app);
  if (app.webhookUrl !== null) core.hooks.ping(app);
  tick(core, 'app');
  const { slug, clientId, webhookSecret, webhookUrl } = app;
  return { id, slug, clientId, privateKey, webhookSecret, webhookUrl };
}

function makeKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return String(privateKey.export({ type: 'pkcs1', format: 'pem' }));
}

function installApp(
  core: Core,
  input: { app: string; owner: string; repositories?: 'all' | readonly string[] },
): { id: number } {
  const app = needApp(core.state, input.app);
  const owner = needUser(core.state, input.owner);
  const isThere = core.state.installations.some(
    (each) => each.appId === app.id && each.accountId === owner.id,
  );
  if (isThere) throw new Refusal(422, `${app.slug} is already installed on ${owner.login}`);
  const time = now(core);
  const names = input.repositories ?? 'all';
  const installation: InstallationRecord = {
    id: core.store.id(),
    appId: app.id,
    accountId: owner.id,
    selection: names === 'all' ? 'all' : 'selected',
    repositoryIds: idsOf(core, owner, names),
    permissions: app.permissions,
    events: app.events,
    suspendedAt: null,
    createdAt: time,
    updatedAt: time,
  };
  core.state.installations.push(installation);
  tell(core, installation, 'created');
  return { id: installation.id };
}

/** Ids of the owner's repositories, by name or `OWNER/NAME`. */
function idsOf(core: Core, owner: UserRecord, names: 'all' | readonly string[]): number[] {
  if (names === 'all') return [];
  return names.map((name) => {
    const bare = name.split('/').at(-1)?.toLowerCase();
    const repo = core.state.repos.find(
      (each) => each.ownerId === owner.id && each.name.toLowerCase() === bare,
    );
    if (repo === undefined) throw new Refusal(404, `${owner.login} has no repository ${name}`);
    return repo.id;
  });
}

function select(
  core: Core,
  installation: InstallationRecord,
  names: 'all' | readonly string[],
): void {
  const before = installedRepos(core.state, installation);
  const owner = userById(core.state, installation.accountId);
  installation.repositoryIds = idsOf(core, owner, names);
  installation.selection = names === 'all' ? 'all' : 'selected';
  installation.updatedAt = now(core);
  const after = installedRepos(core.state, installation);
  const added = after.filter((repo) => !before.includes(repo));
  const removed = before.filter((repo) => !after.includes(repo));
  for (const action of ['added', 'removed'] as const) {
    const changed = action === 'added' ? added : removed;
    if (changed.length > 0) tellRepositories(core, installation, { action, added, removed });
  }
  tick(core, 'installation');
}

/** Tells an App which repositories its installation gained or lost. */
export function tellRepositories(
  core: Core,
  installation: InstallationRecord,
  change: {
    action: 'added' | 'removed';
    added: readonly RepoRecord[];
    removed: readonly RepoRecord[];
  },
): void {
  const { action, added, removed } = change;
  core.hooks.emitInstallation({
    event: 'installation_repositories',
    action,
    installation,
    sender: userById(core.state, installation.accountId),
    payload: {
      installation: showInstallation(core, installation),
      repository_selection: installation.selection,
      repositories_added: action === 'added' ? added.map((repo) => short(core, repo)) : [],
      repositories_removed: action === 'removed' ? removed.map((repo) => short(core, repo)) : [],
      requester: null,
    },
  });
}

function suspend(core: Core, installation: InstallationRecord, isSuspended: boolean): void {
  if ((installation.suspendedAt !== null) === isSuspended) return;
  installation.suspendedAt = isSuspended ? now(core) : null;
  tell(core, installation, isSuspended ? 'suspend' : 'unsuspend');
}

function tell(core: Core, installation: InstallationRecord, action: string): void {
  const repos = installedRepos(core.state, installation);
  core.hooks.emitInstallation({
    event: 'installation',
    action,
    installation,
    sender: userById(core.state, installation.accountId),
    payload: {
      installation: showInstallation(core, installation),
      repositories: repos.map((repo) => short(core, repo)),
      ...(action === 'created' ? { requester: null } : {}),
    },
  });
  tick(core, `installation.${action}`);
}

function short(core: Core, repo: RepoRecord) {
  return {
    id: repo.id,
    node_id: nodeId('Repository', repo.id),
    name: repo.name,
    full_name: fullName(core.state, repo),
    private: repo.private,
  };
}
