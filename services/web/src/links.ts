/** Addresses of our own pages and APIs, and which addresses of others may become links. */
import { type BuildId, type BuildsetId, isRepositoryKey } from '@gatehouse/model';

/** Paths are as a browser sees them: below the public URL's path, if it has one. */
export interface Links {
  readonly front: string;
  readonly signIn: string;
  readonly signOut: string;
  buildset(id: BuildsetId): string;
  build(id: BuildId): string;
  asset(name: string, version: string): string;
  /** The same place as a full URL. @param path as the others give it */
  absolute(path: string): string;
}

/** @param publicUrl without a slash at its end */
export function createLinks(publicUrl: string): Links {
  const { origin, pathname } = new URL(publicUrl);
  const base = pathname.replace(/\/+$/, '');
  return {
    front: `${base}/`,
    signIn: `${base}/sign-in`,
    signOut: `${base}/sign-out`,
    buildset: (id) => `${base}/buildsets/${encodeURIComponent(id)}`,
    build: (id) => `${base}/builds/${encodeURIComponent(id)}`,
    asset: (name, version) => `${base}/assets/${name}?v=${version}`,
    absolute: (path) => `${origin}${path}`,
  };
}

/** A place in a file of a repository, as the code host shows it. */
export interface FilePlace {
  readonly repository: string;
  /** Null: the default branch. */
  readonly branch: string | null;
  readonly path: string;
  /** From 1; null: the file as a whole. */
  readonly line: number | null;
}

/**
 * The page of a place in a file; null when `repository` is not one.
 * Source: https://docs.github.com/repositories/working-with-files/using-files/getting-permanent-links-to-files
 *
 * @param codeHostUrl without a slash at its end
 */
export function filePage(codeHostUrl: string, place: FilePlace): string | null {
  const { repository, branch, path, line } = place;
  if (!isRepositoryKey(repository)) return null;
  const name = [branch ?? 'HEAD', path].flatMap((part) => part.split('/'));
  const segments = name.map(encodeURIComponent).join('/');
  const anchor = line === null ? '' : `#L${line}`;
  return `${codeHostUrl}/${repository}/blob/${segments}${anchor}`;
}

/** True for what may stand in `href`: http and https only, never a script. */
export function isWebLink(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
