import { Failure } from './failure.mjs';

/**
 * What the output of a failed npm or pnpm says about the cause, first match wins. The order
 * matters: a refused login also prints the address it could not use. `isFinal`: asking for another
 * package cannot help.
 *
 * @type {{ pattern: RegExp, what: string, remedy: string, isFinal?: boolean }[]}
 */
const causes = [
  {
    pattern: /ERR_PNPM_OUTDATED_LOCKFILE|lockfile is not up to date|frozen-lockfile/i,
    what: 'the lockfile does not fit the manifests.',
    remedy:
      'run `.tools/bin/pnpm install` and commit pnpm-lock.yaml with the manifest that changed',
  },
  {
    pattern: /ERR_PNPM_IGNORED_BUILDS/,
    what: 'a package brings an install script that nobody has decided on.',
    remedy: 'add it to allowBuilds in pnpm-workspace.yaml: false, or true with the reason',
  },
  {
    pattern: /\b(E401|E403|ENEEDAUTH)\b|ERR_PNPM_FETCH_40[13]|\b40[13] (Unauthorized|Forbidden)/i,
    what: 'the package registry refused to serve this machine.',
    isFinal: true,
    remedy:
      'check the registry settings and the credentials in your .npmrc, then run the command again',
  },
  {
    pattern: /\bENOSPC\b|no space left/i,
    what: 'the disk is full.',
    isFinal: true,
    remedy: 'free some space (about 1 GB is needed), then run the command again',
  },
  {
    pattern: /\b(EACCES|EPERM|EROFS)\b|permission denied|read-only file system/i,
    what: 'this user may not write where packages are kept.',
    remedy:
      'make the working copy, ~/.npm and ~/.local/share/pnpm writable for this user,\nthen run the command again',
  },
  {
    pattern: /\b(E404|ETARGET|ENOVERSIONS)\b|ERR_PNPM_(FETCH_404|NO_MATCHING_VERSION)/,
    what: 'the package registry does not have a pinned version.',
    remedy:
      'if a mirror is configured in your .npmrc, it may be behind: use another one, or wait for it',
  },
  {
    pattern:
      /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b|network|dns error|error sending request|certificate/i,
    what: 'the package registry cannot be reached.',
    isFinal: true,
    remedy:
      'check the network connection, and the proxy and registry settings in your .npmrc,\nthen run the command again',
  },
];

/**
 * @param {{ doing: string, where: string, code: number, tail: string }} report `doing` completes
 *   "while …"; `tail` is the unredacted end of the output, used only to recognise the cause
 * @returns {{ failure: Failure, isFinal: boolean }}
 */
export function fetchFailure({ doing, where, code, tail }) {
  const cause = causes.find(({ pattern }) => pattern.test(tail));
  const failure = new Failure({
    what: cause
      ? `${cause.what} It happened while ${doing}.`
      : `${doing} failed with exit code ${code}.`,
    where,
    remedy:
      cause?.remedy ??
      'read the lines above; when they name a passing fault, run the command again',
  });
  return { failure, isFinal: cause?.isFinal === true };
}
