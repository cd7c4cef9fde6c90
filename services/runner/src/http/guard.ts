/**
 * Decides whether a URL of a job may be called, and makes sure that the connection goes to an
 * address that was checked: names are resolved once, all their addresses are looked at, and the
 * socket is handed exactly those. A name that answers differently the next time gains nothing.
 */
import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './addresses.ts';

/** Where a name leads; as `dns.lookup` with `all`. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** A refusal; its message is meant for the owner of the configuration. */
export class RefusedTarget extends Error {
  override readonly name = 'RefusedTarget';
}

/** What may be called: `lookup` is to be used for the connection; absent: any address. */
export type Clearance =
  | { readonly ok: true; readonly url: URL; readonly lookup: LookupFunction | null }
  | { readonly ok: false; readonly detail: string };

const NOT_LISTED = 'and not in GATEHOUSE_HTTP_ALLOW';

/** Clears a URL for one request. */
export function clearTarget(
  text: string,
  isHttpAllowed: (url: URL) => boolean,
  resolve: Resolve = resolveBySystem,
): Clearance {
  const url = URL.parse(text);
  if (url === null) return refuse('the address is no URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse(`${url.protocol} is not called`);
  }
  // The operator named this origin; where it leads is the operator's network.
  if (isHttpAllowed(url)) return { ok: true, url, lookup: null };
  if (url.protocol !== 'https:') return refuse(`the address is not https ${NOT_LISTED}`);
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(literal) !== 0 && !isPublicAddress(literal)) {
    return refuse(`address is private ${NOT_LISTED}`);
  }
  return { ok: true, url, lookup: guardedLookup(resolve) };
}

function refuse(why: string): Clearance {
  return { ok: false, detail: `refused: ${why}` };
}

/** A lookup that gives only names all of whose addresses are public. */
export function guardedLookup(resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined || addresses.some(({ address }) => !isPublicAddress(address))) {
          callback(new RefusedTarget(`refused: address is private ${NOT_LISTED}`), '', 0);
        } else if (options.all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

function resolveBySystem(host: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(error);
    });
  });
}
