/**
 * Cloning, fetching and pushing over HTTP. The protocol is git's own; this part only decides who
 * may use it, and after a push tells the rest of the simulator which refs moved.
 */
import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGunzip } from 'node:zlib';
import { authenticate, type Caller, includesLevel, reaches } from '../auth/authenticate.ts';
import { type Core, inBackground, repoDir } from '../core.ts';
import { refMoved } from '../domain/refs.ts';
import { Refusal } from '../errors.ts';
import { rootOf } from '../http/authorize.ts';
import { findRepo, isAtLeast, roleOf } from '../state/find.ts';
import type { RepoRecord, UserRecord } from '../state/types.ts';
import { listRefs } from './read.ts';
import { gitEnvironment } from './run.ts';

export interface GitRequest {
  readonly fullName: string;
  readonly service: 'git-upload-pack' | 'git-receive-pack';
  readonly isAdvertisement: boolean;
}

/** What a git client asks for; null for every other path. */
export function gitRequest(method: string, url: URL): GitRequest | null {
  const path = /^\/([^/]+\/[^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;
  const found = path.exec(url.pathname);
  if (found === null) return null;
  const [, fullName = '', end = ''] = found;
  const isAdvertisement = end === 'info/refs';
  if (method !== (isAdvertisement ? 'GET' : 'POST')) return null;
  const service = isAdvertisement ? url.searchParams.get('service') : end;
  if (service !== 'git-upload-pack' && service !== 'git-receive-pack') return null;
  return { fullName, service, isAdvertisement };
}

/** Serves one git request. */
export async function serveGit(
  core: Core,
  asked: GitRequest,
  http: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const { request, response } = http;
  try {
    const caller = authenticate(core, request.headers.authorization);
    const { repo, actor } = admit(core, asked, caller);
    if (asked.service === 'git-receive-pack' && !asked.isAdvertisement) {
      const work = () => receive(core, { repo, actor, asked }, http);
      const received = core.locks.run(rootOf(core, repo), work);
      // The client has its answer before the events are out.
      inBackground(core, received);
      await received;
    } else {
      await pipeGit(core, { repo, asked }, http);
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const challenge =
      error.status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : undefined;
    response.writeHead(error.status, { 'content-type': 'text/plain', ...challenge });
    response.end(`${error.message}\n`);
  }
}

/** @throws Refusal 401, 403 or 404 as github.com's git server does. */
function admit(
  core: Core,
  asked: GitRequest,
  caller: Caller,
): { repo: RepoRecord; actor: UserRecord } {
  const repo = findRepo(core.state, asked.fullName);
  const isPush = asked.service === 'git-receive-pack';
  if (caller.kind === 'anonymous') {
    if (repo === undefined || repo.private || isPush) {
      throw new Refusal(401, 'Authentication required');
    }
    return { repo, actor: ownerOf(core, repo) };
  }
  if (caller.kind === 'app') throw new Refusal(401, 'Invalid username or token.');
  if (repo === undefined) throw new Refusal(404, 'Repository not found.');
  if (caller.kind === 'user') {
    const role = roleOf(core.state, repo, caller.user);
    if (role === null) throw new Refusal(404, 'Repository not found.');
    if (isPush && !isAtLeast(role, 'write')) throw notGranted();
    return { repo, actor: caller.user };
  }
  const isReached = reaches(caller, repo);
  if (!isReached && (repo.private || isPush)) throw new Refusal(404, 'Repository not found.');
  const mayDo = includesLevel(caller.permissions.contents, isPush ? 'write' : 'read');
  if (isPush && !mayDo) throw notGranted();
  if (repo.private && !mayDo) throw new Refusal(403, 'Write access to repository not granted.');
  return { repo, actor: caller.user };
}

function notGranted(): Refusal {
  return new Refusal(403, 'Write access to repository not granted.');
}

function ownerOf(core: Core, repo: RepoRecord): UserRecord {
  const owner = core.state.users.find((user) => user.id === repo.ownerId);
  if (owner === undefined) throw new Refusal(404, 'Repository not found.');
  return owner;
}

function pipeGit(
  core: Core,
  on: { repo: RepoRecord; asked: GitRequest },
  http: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const { repo, asked } = on;
  const { request, response } = http;
  const kind = asked.isAdvertisement ? 'advertisement' : 'result';
  response.writeHead(200, {
    'content-type': `application/x-${asked.service}-${kind}`,
    'cache-control': 'no-cache, max-age=0, must-revalidate',
  });
  if (asked.isAdvertisement) {
    const line = `# service=${asked.service}\n`;
    response.write(`${(line.length + 4).toString(16).padStart(4, '0')}${line}0000`);
  }
  const flags = ['--stateless-rpc', ...(asked.isAdvertisement ? ['--advertise-refs'] : [])];
  const protocol = request.headers['git-protocol'];
  const extra = typeof protocol === 'string' ? { GIT_PROTOCOL: protocol } : {};
  const command = asked.service.replace('git-', '');
  return new Promise((resolve, reject) => {
    const child = spawn('git', [command, ...flags, repoDir(core, repo)], {
      env: gitEnvironment(extra),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.on('error', reject);
    child.stdin.on('error', () => undefined);
    child.stdout.pipe(response, { end: false });
    // A client that goes away takes its git process with it.
    response.on('close', () => child.kill());
    child.on('close', () => {
      response.end();
      resolve();
    });
    const isZipped = request.headers['content-encoding'] === 'gzip';
    (isZipped ? request.pipe(createGunzip()) : request).pipe(child.stdin);
  });
}

async function receive(
  core: Core,
  on: { repo: RepoRecord; actor: UserRecord; asked: GitRequest },
  http: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const dir = repoDir(core, on.repo);
  const before = new Map((await listRefs(dir)).map((each) => [each.ref, each.sha]));
  await pipeGit(core, on, http);
  const after = new Map((await listRefs(dir)).map((each) => [each.ref, each.sha]));
  const moved = [...new Set([...before.keys(), ...after.keys()])]
    .filter((ref) => /^refs\/(heads|tags)\//.test(ref))
    .filter((ref) => before.get(ref) !== after.get(ref))
    .sort();
  for (const ref of moved) {
    const move = { before: before.get(ref) ?? null, after: after.get(ref) ?? null };
    await refMoved(core, { repo: on.repo, actor: on.actor, ref, ...move });
  }
}
