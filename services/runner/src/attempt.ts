/** One attempt of a build, as every executor sees it. */
import type { AttemptResult, JsonObject } from '@gatehouse/model';
import type { Build, Item } from '@gatehouse/pipeline';

/** The attempt that a launch message names, with all that is known about it. */
export interface Attempt {
  readonly item: Item;
  readonly build: Build;
}

/** How an attempt ended. */
export interface AttemptEnd {
  readonly result: AttemptResult;
  /** Why, in plain words; null when the result says it all. */
  readonly detail: string | null;
  readonly logUrl: string | null;
  readonly data: JsonObject;
}

/** An end without anything returned. */
export function endWith(result: AttemptResult, detail: string | null): AttemptEnd {
  return { result, detail, logUrl: null, data: {} };
}

/** Binds log lines to the attempt. */
export function attemptFields({ item, build }: Attempt): object {
  return {
    tenant: item.tenant,
    pipeline: item.pipeline.name,
    buildset: item.buildset,
    build: build.id,
    job: build.job.name,
    attempt: build.attempt,
  };
}
