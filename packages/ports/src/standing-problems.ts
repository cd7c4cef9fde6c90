/**
 * What is wrong with configurations as they stand, for people to see. Whoever reads a configuration
 * says how it stands now, as often as they like; what was said before is replaced by it, unless that
 * was read later. Each reading counts for that, also one that found nothing wrong or nothing new: it
 * is remembered for some minutes at least. Every method may throw `GATE_REDIS_UNAVAILABLE`
 * (transient).
 */
import type { ConfigurationProblem, RepositoryKey, TenantId } from '@gatehouse/model';

/** A branch of a repository that a configuration was read from. */
export interface StandingSource {
  readonly repository: RepositoryKey;
  /** Null: whatever branch counts for everybody, as in the owner's configuration repository. */
  readonly branch: string | null;
  /** Changes exactly when the configuration files there do. */
  readonly contentHash: string;
}

/** How the configuration of one repository stands: on its branches, and wherever else it is from. */
export interface ConfigurationStanding {
  readonly repository: RepositoryKey;
  /**
   * Everything it was read from. Problems may quote any of it, so that whoever may not see one of
   * these repositories must not see the problems either.
   */
  readonly sources: readonly StandingSource[];
  /** Empty: nothing is wrong (any more). */
  readonly problems: readonly ConfigurationProblem[];
  /** When reading it began, in milliseconds since 1970; something that was read later is kept. */
  readonly readAt: number;
}

/** How it was taken. */
export interface StandingAnswer {
  /**
   * `changed`: other problems than before are kept now. `same`: nothing is new. `stale`: something
   * that was read later is known, nothing was written. `full`: too many repositories of the tenant
   * have problems, nothing was written.
   */
  readonly code: 'changed' | 'same' | 'stale' | 'full';
  /**
   * Other repositories whose problems were found with another content of the same sources: they
   * have to be looked at again. In alphabetical order.
   */
  readonly outdated: readonly RepositoryKey[];
}

/** What is kept of a repository. Texts and their number are bounded; the counts are complete. */
export interface KeptStanding {
  readonly repository: RepositoryKey;
  /** Null: too many to name them. */
  readonly sources: readonly RepositoryKey[] | null;
  /** Errors first; each once. */
  readonly problems: readonly ConfigurationProblem[];
  readonly errorsCount: number;
  readonly warningsCount: number;
}

/** The problems that stand, by tenant. */
export interface StandingProblems {
  /** Says how a configuration stands. Repositories are told apart without regard to case. */
  tell(standing: ConfigurationStanding): Promise<StandingAnswer>;
  /** Repositories of the tenant that have problems, in alphabetical order. */
  list(tenant: TenantId): Promise<readonly KeptStanding[]>;
}
