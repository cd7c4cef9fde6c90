/**
 * What a webhook delivery says, after reading: where to look and what happened there. It is a
 * hint, not the truth; intake asks the code host for that.
 */
import type { CommitSha, Json, RepositoryKey, Sender, TriggerFacts } from '@gatehouse/model';

interface NoticeBase {
  readonly repository: RepositoryKey;
  readonly sender: Sender;
  readonly trigger: TriggerFacts;
}

/** A reading of one delivery. */
export type Notice =
  | ({
      readonly kind: 'change';
      readonly number: number;
      /** Head that the event speaks of; null where the payload has none (comments). */
      readonly headSha: CommitSha | null;
      /** Number of the comment that was made; null for other events. */
      readonly commentId: number | null;
    } & NoticeBase)
  | ({
      readonly kind: 'head';
      readonly headSha: CommitSha;
      /** The `external_id` of the run the event is about; null for suites and statuses. */
      readonly buildset: string | null;
    } & NoticeBase)
  | ({
      readonly kind: 'button';
      readonly headSha: CommitSha;
      readonly buildset: string;
      readonly identifier: string;
    } & NoticeBase)
  | ({
      readonly kind: 'ref';
      readonly ref: string;
      readonly oldSha: CommitSha | null;
      /** Null: the ref was deleted. */
      readonly newSha: CommitSha | null;
      /** Page of the new commit; empty when the event does not say where it is. */
      readonly commitUrl: string;
      /** Paths the push touched as far as the payload lists them; null: unknown. */
      readonly paths: readonly string[] | null;
    } & NoticeBase)
  | {
      readonly kind: 'installation';
      readonly account: string;
      readonly action: string;
    }
  | {
      readonly kind: 'ignored';
      /** Why nothing follows from it, in words for the log. */
      readonly reason: string;
    };

/** Turns a delivery into a notice; total: what cannot be read is `ignored` with the reason. */
export interface DeliveryReader {
  readDelivery(event: string, payload: Json): Notice;
}
