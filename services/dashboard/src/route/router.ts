/** Which page an address means, and the address of each page. Pure: nothing here moves anybody. */

/** A page of the dashboard. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'buildset'; readonly id: string }
  | { readonly page: 'build'; readonly id: string }
  | { readonly page: 'unknown' };

/**
 * @param base the path below which the service is reached, ending with a slash
 * @param path as `location.pathname` gives it
 */
export function routeOf(base: string, path: string): Route {
  if (!path.startsWith(base)) return { page: 'unknown' };
  const parts = path.slice(base.length).replace(/\/+$/, '').split('/');
  const [name = '', given] = parts;
  if (name === '') return { page: 'overview' };
  const id = given === undefined ? null : decoded(given);
  if (parts.length !== 2 || id === null || id === '') return { page: 'unknown' };
  if (name === 'buildsets') return { page: 'buildset', id };
  if (name === 'builds') return { page: 'build', id };
  return { page: 'unknown' };
}

/** The address of a page. @param base as for {@link routeOf} */
export function pathOf(base: string, route: Exclude<Route, { page: 'unknown' }>): string {
  if (route.page === 'overview') return base;
  const folder = route.page === 'buildset' ? 'buildsets' : 'builds';
  return `${base}${folder}/${encodeURIComponent(route.id)}`;
}

/**
 * The base that a built file was loaded from: files are in `assets` right below it.
 *
 * @param fileUrl `import.meta.url` of the bundle
 */
export function baseOf(fileUrl: string): string {
  const path = new URL(fileUrl).pathname;
  const at = path.lastIndexOf('/assets/');
  return at === -1 ? '/' : path.slice(0, at + 1);
}

/** Null: not well-formed. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
