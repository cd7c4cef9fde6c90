/**
 * What npm and pnpm print is passed on to terminals and CI logs that strangers may read. Registry
 * and proxy addresses can name internal hosts or hold credentials, and neither helps to repair a
 * set-up, so both are cut from every line.
 */

const shapes = [
  { pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s'"<>)\]]+/gi, instead: '<address>' },
  { pattern: /\/\/[^\s'"]+\/:?_(authToken|auth|password)\b\S*/gi, instead: '<credential>' },
  { pattern: /\b(_authToken|_auth|_password)\s*=\s*\S+/gi, instead: '$1=<credential>' },
  { pattern: /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/g, instead: '$1 <credential>' },
  { pattern: /\b(npm|gh[pousr]|github_pat)_\w{16,}/g, instead: '<credential>' },
  {
    pattern:
      /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH)\s+[\w.:[\]-]+/g,
    instead: '$1 <address>',
  },
  { pattern: /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, instead: '<address>' },
];

/**
 * Makes the function that cleans one line of output.
 *
 * @param {Record<string, string | undefined>} env whose registry and proxy settings name hosts
 *   that must not appear even where no address surrounds them
 * @returns {(line: string) => string}
 */
export function createRedactor(env) {
  const hosts = hostsNamedIn(env);
  return (line) => {
    const shaped = shapes.reduce(
      (text, { pattern, instead }) => text.replace(pattern, instead),
      line,
    );
    return hosts.reduce((text, host) => text.split(host).join('<address>'), shaped);
  };
}

/**
 * @param {Record<string, string | undefined>} env
 * @returns {string[]} longest first, so that a host is not cut in half by its own suffix
 */
function hostsNamedIn(env) {
  const hosts = new Set();
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || !/registry|proxy/i.test(name)) continue;
    const host = hostOf(value);
    if (host !== '' && host !== 'localhost') hosts.add(host);
  }
  return [...hosts].sort((a, b) => b.length - a.length);
}

/**
 * @param {string} value
 * @returns {string} empty when the value is not an address
 */
function hostOf(value) {
  try {
    return new URL(value).hostname;
  } catch {
    return ''; // a proxy setting may also be a bare word such as "false"
  }
}
