/**
 * Trust in a head (configuration language, A3): its branch is in the base repository, or its
 * author may write, or somebody else who may write approved exactly this commit.
 */
import { type Approval, permits, type Trust, type TrustFacts } from '@gatehouse/model';

/** Judges one head; `remembered` are approvals kept from earlier events on the same change. */
export function judgeTrust(facts: TrustFacts | null, remembered: readonly Approval[]): Trust {
  if (facts === null) return { isTrusted: true, ground: { code: 'ref' } };
  if (facts.isHeadInBase) return { isTrusted: true, ground: { code: 'head-in-base' } };
  if (permits(facts.authorPermission, 'write')) {
    return { isTrusted: true, ground: { code: 'author-may-write', author: facts.author } };
  }
  const approval = [...facts.approvals, ...remembered].find(
    (one) => one.headSha === facts.headSha && !isSamePerson(one.by, facts.author),
  );
  if (approval !== undefined) {
    return { isTrusted: true, ground: { code: 'approved', by: approval.by, via: approval.via } };
  }
  return { isTrusted: false, author: facts.author, authorPermission: facts.authorPermission };
}

/** Logins do not depend on case. */
export function isSamePerson(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
