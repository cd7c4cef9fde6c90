/** Every address that GitHub writes into answers and payloads hangs on one of these bases. */
export interface Urls {
  /** Root of pages and git, without a slash at the end. */
  root: string;
  /** Root of the REST API. */
  api: string;
}

/** Global ids are opaque on GitHub; here they name the kind and the number. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}:${id}`).toString('base64url');
}
