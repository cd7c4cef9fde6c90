/** What a pipeline would do for the head of a change that nobody has approved. */
import {
  type FreezeResult,
  freezeJobs,
  type PipelineDefinition,
  removesAllVoting,
} from '@gatehouse/layout';
import type { FrozenJob } from '@gatehouse/model';
import { needsTrust } from '@gatehouse/pipeline';
import { explainWords } from './explain-words.ts';
import type { Decision } from './explanation-shape.ts';

/** Sentences. @param jobs what runs for a trusted head */
export function untrustedDifference(
  decision: Decision,
  pipeline: PipelineDefinition,
  { jobs }: { readonly jobs: readonly FrozenJob[] },
): readonly string[] {
  const { base, own, repository, branch, changedFiles } = decision;
  const request = { repository, branch, pipeline: pipeline.name, changedFiles, base: null };
  const isOwnUsed = own !== null && !pipeline.isPostReview;
  const before = freezeJobs(base, request);
  const used = isOwnUsed ? jobs : before.jobs;
  const other =
    own !== null && pipeline.isPostReview
      ? [explainWords.baseDecides(used.map(({ name }) => name))]
      : [];
  const different = [...other, ...waiting({ pipeline, used, before })];
  return different.length > 0 ? different : [explainWords.same];
}

interface Waiting {
  readonly pipeline: PipelineDefinition;
  readonly used: readonly FrozenJob[];
  readonly before: FreezeResult;
}

/** Why the pipeline would wait for an approval; none: it would not. */
function waiting({ pipeline, used, before }: Waiting): readonly string[] {
  if (pipeline.require?.hasTrustedAuthor === true) return [explainWords.pipelineWaits];
  if (used !== before.jobs && removesAllVoting(before, { jobs: used }))
    return [explainWords.noVotingLeft];
  const risky = used.filter(needsTrust);
  return risky.length === 0 ? [] : [explainWords.jobsWait(risky.map(riskText))];
}

function riskText(job: FrozenJob): string {
  const { kind } = job.execution;
  const risks = [
    ...(kind === 'command' || kind === 'workflow' ? [explainWords.risks[kind]] : []),
    ...(job.secrets.length > 0 ? [explainWords.risks.secrets] : []),
    ...(job.isAlteredByChange ? [explainWords.risks.altered] : []),
  ];
  return `${job.name} ${risks.join(', ')}`;
}
