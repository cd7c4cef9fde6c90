/** How changes are named, and which addresses may become links. */
import type { ChangeView } from '@gatehouse/contracts';

/** `acme/api#7` or `acme/api@main`. */
export function changeName({ repository, number, ref }: ChangeView): string {
  return number === null ? `${repository}@${shortRef(ref)}` : `${repository}#${number}`;
}

/** The change's title; for a ref its commit. A stranger's text. */
export function changeTitle({ title, head_sha }: ChangeView): string {
  return title ?? `Commit ${shortSha(head_sha)}`;
}

/** `main` for `refs/heads/main`. */
export function shortRef(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags)\//, '');
}

/** As many digits as tell commits apart in practice. */
export function shortSha(sha: string): string {
  return sha.slice(0, 10);
}

/** The address if a browser may follow it (http and https only, never a script), else null. */
export function webLink(address: string | null): string | null {
  return address !== null && /^https?:\/\//i.test(address) && URL.canParse(address)
    ? address
    : null;
}
