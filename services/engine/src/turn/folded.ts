import type { Reason } from '@gatehouse/model';
import type { EngineEvent, EngineState, StepResult } from '@gatehouse/pipeline';

/** What folding the events of one turn came to. */
export interface Folded {
  /** As loaded; what differs from it afterwards has to be written. */
  readonly before: EngineState;
  readonly after: EngineState;
  readonly effects: StepResult['effects'];
  readonly decisions: readonly {
    readonly event: EngineEvent;
    readonly reasons: readonly Reason[];
  }[];
  /** Buildsets whose records were changed. */
  readonly touched: readonly string[];
}
