/** The bodies that external runners get (contracts, section 5): snake_case, seconds. */
import type { CancelBody, LaunchBody } from '@gatehouse/contracts';
import type { Json, JsonObject } from '@gatehouse/model';
import type { Build, Item } from '@gatehouse/pipeline';
import type { Attempt } from '../attempt.ts';

/** The body as it is written: the contract's, with JSON that is read-only here. */
export interface LaunchContent extends Omit<LaunchBody, 'build' | 'parent_data'> {
  readonly build: Omit<LaunchBody['build'], 'vars'> & { readonly vars: JsonObject };
  readonly parent_data: JsonObject;
}

/** The callback that goes with one attempt. */
export interface Callback {
  /** Base of the service's public addresses, without a slash at its end. */
  readonly publicUrl: string;
  /** A secret. */
  readonly token: string;
}

/** The body of a launch. */
export function launchBody(attempt: Attempt, { publicUrl, token }: Callback): LaunchContent {
  const { item, build } = attempt;
  return {
    build: {
      id: build.id,
      job: build.job.name,
      attempt: build.attempt,
      voting: build.job.isVoting,
      timeout_s: Math.ceil(build.job.timeoutMs / 1_000),
      vars: build.job.vars,
    },
    // Change queues come with the dependent manager; an independent run stands in none.
    buildset: { id: item.buildset, pipeline: item.pipeline.name, queue: null },
    change: changePart(item),
    items: [
      {
        repository: item.change.repository,
        number: item.change.kind === 'proposed' ? item.change.number : null,
        head_sha: item.change.headSha,
      },
    ],
    parent_data: parentData(item, build),
    callback: { url: `${publicUrl}/api/v1/builds/${build.id}`, token },
  };
}

/** The body of a cancellation. */
export function cancelBody(build: string, attempt: number): CancelBody {
  return { cancel: { build, attempt } };
}

function changePart({ change, state }: Item): LaunchBody['change'] {
  const common = {
    repository: change.repository,
    url: change.url,
    head_sha: change.headSha,
    sha: state?.sha ?? change.headSha,
  };
  if (change.kind === 'ref') {
    const nothing = { number: null, title: null, author: null, base_ref: null };
    return { ...common, ...nothing, ref: change.ref, old_sha: change.oldSha };
  }
  return {
    ...common,
    number: change.number,
    title: change.title,
    author: change.author,
    base_ref: change.baseRef,
    ref: state?.ref ?? '',
  };
}

/**
 * What the builds it depends on returned, directly or through others, merged in report order: the
 * later one wins. `zuul` speaks to the service and is not handed on.
 */
export function parentData(item: Item, build: Build): JsonObject {
  const wanted = new Set<string>();
  const left = [build];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    for (const { name } of one.job.dependencies) {
      const parent = item.builds.find((candidate) => candidate.job.name === name);
      if (parent === undefined || wanted.has(name)) continue;
      wanted.add(name);
      left.push(parent);
    }
  }
  const merged: Record<string, Json> = {};
  for (const parent of item.builds.filter((one) => wanted.has(one.job.name))) {
    const { zuul: _ours, ...data } = parent.data;
    Object.assign(merged, data);
  }
  return merged;
}
