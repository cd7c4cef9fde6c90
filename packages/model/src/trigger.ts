/** What happened, as trigger filters look at it; attributes that an event does not have are null. */
export interface TriggerFacts {
  /** Zuul's word: `pull_request`, `pull_request_review`, `push`, `check_run`, `check_suite` … */
  readonly event: string;
  /** Zuul's word: `changed`, not `synchronize`; a comment is `pull_request` / `comment`. */
  readonly action: string | null;
  readonly comment: string | null;
  readonly label: string | null;
  readonly reviewState: string | null;
  /** `app:name:conclusion`. */
  readonly check: string | null;
  /** `user:context:state`. */
  readonly status: string | null;
  /** Full ref of a push. */
  readonly ref: string | null;
}

/** Who caused an event. */
export interface Sender {
  readonly login: string;
  readonly isBot: boolean;
  /** True for this App itself. */
  readonly isSelf: boolean;
}
