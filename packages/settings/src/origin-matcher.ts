/**
 * Origins that `http` jobs may call besides public https ones. An entry names one scheme, one host
 * (or everything below a domain) and one port (or any).
 */

/** One entry of `GATEHOUSE_HTTP_ALLOW`, parsed. */
export interface OriginMatcher {
  readonly scheme: 'http' | 'https';
  /** In the form that `URL.hostname` has: lower case, IPv6 in brackets. */
  readonly host: string;
  /** True for `*.corp.example`: hosts below `host`, not `host` itself. */
  readonly isBelowHost: boolean;
  /** Null: any port. */
  readonly port: number | null;
}

const ORIGIN = /^(https?):\/\/(\*\.)?(\[[0-9a-fA-F:.]+\]|[^\s/:@?#*[\]]+)(?::(\d{1,5}|\*))?\/?$/;
const DEFAULT_PORTS = { http: 80, https: 443 } as const;
const PORT_MAX = 65_535;

/** Null: `text` is not an origin of one of the forms above. */
export function parseOriginMatcher(text: string): OriginMatcher | null {
  const [, schemeText, wildcard, hostText, portText] = ORIGIN.exec(text.trim()) ?? [];
  if (schemeText === undefined || hostText === undefined) return null;
  const scheme = schemeText === 'http' ? 'http' : 'https';
  const parsed = URL.parse(`${scheme}://${hostText}/`);
  if (parsed === null) return null;
  const isBelowHost = wildcard !== undefined;
  if (isBelowHost && /^[\d.]+$|^\[/.test(parsed.hostname)) return null;
  if (portText === '*') return { scheme, host: parsed.hostname, isBelowHost, port: null };
  const port = portText === undefined ? DEFAULT_PORTS[scheme] : Number(portText);
  if (port < 1 || port > PORT_MAX) return null;
  return { scheme, host: parsed.hostname, isBelowHost, port };
}

/** True when one of `matchers` names the origin of `url`. */
export function isOriginAllowed(matchers: readonly OriginMatcher[], url: URL): boolean {
  return matchers.some((matcher) => {
    if (url.protocol !== `${matcher.scheme}:`) return false;
    const port = url.port === '' ? DEFAULT_PORTS[matcher.scheme] : Number(url.port);
    if (matcher.port !== null && matcher.port !== port) return false;
    return matcher.isBelowHost
      ? url.hostname.endsWith(`.${matcher.host}`) && url.hostname.length > matcher.host.length + 1
      : url.hostname === matcher.host;
  });
}
