/** An explanation as people and programs read it. */
import { explainWords } from './explain-words.ts';
import type {
  DecidedJob,
  ExplainedPipeline,
  ExplainedPull,
  Explanation,
} from './explanation-shape.ts';
import { inOneLine } from './printable.ts';
import { layoutWords } from './words.ts';

/** The whole text. Titles and names come from strangers: no control character gets through. */
export function explainText(explanation: Explanation): string {
  const { repository, brought, broken, pipelines } = explanation;
  const parts =
    brought.length > 0
      ? [[explainWords.brokenProposal, ...brought.map((line) => `  ${inOneLine(line)}`)].join('\n')]
      : [
          ...pipelines.map(pipelineText),
          ...broken.map(({ name, place }) => inOneLine(explainWords.broken(name, place))),
        ];
  const all = parts.length > 0 ? parts : [explainWords.noPipelines(repository)];
  return printable([headText(explanation), ...all].join('\n\n'));
}

function headText(explanation: Explanation): string {
  const { repository, branch, isBranchAssumed, pull, changedFiles, errors } = explanation;
  const title =
    pull === null
      ? `${repository} ${explainWords.branch(branch, isBranchAssumed)}`
      : `${repository}#${pull.number} ${explainWords.pull(oneLine(pull.title), pull.author, branch)}`;
  return [
    title,
    ...(pull === null ? [] : pullLines(pull)),
    explainWords.files(changedFiles),
    ...(errors === 0 ? [] : [layoutWords.hasErrors(errors)]),
  ].join('\n');
}

function pullLines({ trust, hasOwnConfiguration, isMerged }: ExplainedPull): readonly string[] {
  return [trust, hasOwnConfiguration ? explainWords.ownIsUsed(isMerged) : explainWords.baseIsUsed];
}

function pipelineText(pipeline: ExplainedPipeline): string {
  const { name, manager, definedAt, problems, nothing, jobs, untrusted } = pipeline;
  return [
    `pipeline ${name}  (${manager}; ${definedAt ?? explainWords.builtIn})`,
    ...problems.map((problem) => inOneLine(`  error: ${problem}`)),
    ...(problems.length > 0 ? [`  ${explainWords.nothingRuns}`] : []),
    ...(nothing === null ? [] : [`  ${nothing}`]),
    ...jobs.map(jobText),
    ...untrusted.map((text) => `  ${explainWords.untrusted}: ${text}`),
  ].join('\n');
}

function jobText(job: DecidedJob): string {
  const { why, because, decidedAt, listedAt, madeOf, leftOut } = job;
  const chain = madeOf.map(({ name, place }) => `${name} (${place})`).join(' < ');
  const isSaid = decidedAt.join() === listedAt.join();
  const others = leftOut.map(
    ({ name, place, branches }) => `${name} (${place})${explainWords.only(branches)}`,
  );
  return [
    inOneLine(`  ${why}${because === null ? '' : ` ${because}`}`),
    ...(isSaid || decidedAt.length === 0 ? [] : [row('decidedAt', decidedAt.join(', '))]),
    ...(listedAt.length === 0 ? [] : [row('listedAt', listedAt.join(', '))]),
    ...(chain === '' ? [] : [row('madeOf', chain)]),
    ...others.map((other) => row('leftOut', other)),
  ].join('\n');
}

function row(word: 'decidedAt' | 'listedAt' | 'madeOf' | 'leftOut', text: string): string {
  return `    ${explainWords[word].padEnd(explainWords.decidedAt.length)}  ${inOneLine(text)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** What a terminal would obey instead of showing it. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n]|\p{Bidi_Control}/gu, ' ');
}

/** Snake case, as on every wire. */
export function explainJson(explanation: Explanation): string {
  const { pull, changedFiles, pipelines, isBranchAssumed: _shownAlone, ...rest } = explanation;
  const shown = {
    ...rest,
    changed_files: changedFiles,
    pull_request: pull === null ? null : pullJson(pull),
    pipelines: pipelines.map(({ definedAt, jobs, ...pipeline }) => ({
      ...pipeline,
      defined_at: definedAt,
      jobs: jobs.map(jobJson),
    })),
  };
  return JSON.stringify(shown, null, 2);
}

function pullJson({ isTrusted, hasOwnConfiguration, isMerged, ...pull }: ExplainedPull) {
  return {
    ...pull,
    is_trusted: isTrusted,
    has_own_configuration: hasOwnConfiguration,
    is_merged_with_base: isMerged,
  };
}

function jobJson({ decidedAt, listedAt, madeOf, leftOut, ...job }: DecidedJob) {
  return {
    ...job,
    decided_at: decidedAt,
    listed_at: listedAt,
    made_of: madeOf,
    left_out: leftOut,
  };
}
