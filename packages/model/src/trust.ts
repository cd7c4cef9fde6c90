/**
 * Trust in one head of one change (configuration language, section A3): whether what it brings may
 * be executed here. Rights are asked from the code host, never read from an event's payload.
 */
import type { CommitSha } from './ids.ts';
import type { Permission } from './permission.ts';

/** Somebody with write access said that exactly this head may run. */
export interface Approval {
  readonly headSha: CommitSha;
  readonly by: string;
  /** How it was said: the button on the run, an approving review, or a comment. */
  readonly via: 'button' | 'review' | 'comment';
}

/** What is known about trust when a decision is made. */
export interface TrustFacts {
  readonly isHeadInBase: boolean;
  readonly author: string;
  readonly authorPermission: Permission;
  readonly headSha: CommitSha;
  /** Approvals by people who held write access when they were read. */
  readonly approvals: readonly Approval[];
}

/** Why a head is trusted. */
export type TrustGround =
  | { readonly code: 'head-in-base' }
  | { readonly code: 'author-may-write'; readonly author: string }
  | { readonly code: 'approved'; readonly by: string; readonly via: Approval['via'] }
  | { readonly code: 'ref' };

/** Trusted, with the ground; or not, with what was looked at. */
export type Trust =
  | { readonly isTrusted: true; readonly ground: TrustGround }
  | {
      readonly isTrusted: false;
      readonly author: string;
      readonly authorPermission: Permission;
    };
