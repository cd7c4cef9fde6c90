import type { Route } from './route.ts';

/** Parameters that may contain slashes. */
const WIDE = new Set(['path', 'ref', 'basehead', 'branch']);

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export interface Router {
  /** Path without `/api/v3` and query. */
  match(method: string, path: string): Match | null;
  /** True when some method is served at the path. */
  knows(path: string): boolean;
}

/** A router in which the template with the most fixed parts wins. */
export function createRouter(routes: readonly Route[]): Router {
  const fixedParts = (template: string) =>
    template.split('/').filter((part) => !part.startsWith('{')).length;
  const table = routes
    .map((route) => ({ route, ...compile(route.template), fixed: fixedParts(route.template) }))
    .sort((a, b) => b.fixed - a.fixed);
  return {
    match(method, path) {
      for (const { route, pattern, names } of table) {
        if (route.method !== method) continue;
        const found = pattern.exec(path);
        if (found === null) continue;
        const values = names.map((name, index) => [name, decode(found[index + 1] ?? '')]);
        return { route, params: Object.fromEntries(values) };
      }
      return null;
    },
    knows: (path) => table.some((each) => each.pattern.test(path)),
  };
}

function compile(template: string): { pattern: RegExp; names: string[] } {
  const names: string[] = [];
  const source = template.replace(/\/\{(\w+)\}|[.+?^$()|[\]\\]/g, (text, name?: string) => {
    if (name === undefined) return `\\${text}`;
    names.push(name);
    // A directory listing of the root has an empty path, with or without the slash.
    if (name === 'path') return '(?:/(.*))?';
    return WIDE.has(name) ? '/(.+)' : '/([^/]+)';
  });
  return { pattern: new RegExp(`^${source}$`), names };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
