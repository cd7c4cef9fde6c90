/** A resolved layout as people read it. */
import { inOneLine } from './printable.ts';
import type { ResolvedJob, ResolvedLayout, ResolvedPipeline } from './resolved.ts';
import { layoutWords } from './words.ts';

/** The whole text: pipelines that list nothing take one line each. */
export function layoutText(layout: ResolvedLayout): string {
  const on = layout.branch === null ? '' : ` (${layout.branch})`;
  const warning = layout.errors === 0 ? [] : [layoutWords.hasErrors(layout.errors)];
  const parts = layout.pipelines.map(pipelineText);
  return [`${layout.repository}${on}`, ...warning, ...parts].join('\n\n');
}

function pipelineText(pipeline: ResolvedPipeline): string {
  const { name, manager, definedAt, takesPart, jobs, problems } = pipeline;
  const head = `pipeline ${name}  (${manager}; ${definedAt ?? layoutWords.builtIn})`;
  const nothing = takesPart || problems.length > 0 ? [] : [`  ${layoutWords.noPart}`];
  const errors = problems.map((problem) => `  error: ${problem}`);
  return [...[head, ...nothing, ...errors].map(inOneLine), ...jobs.map(jobText)].join('\n');
}

function jobText({ name, state, listedAt, definedAt, values }: ResolvedJob): string {
  const note = state === 'runs' ? '' : `  (${layoutWords[state]})`;
  const chain = definedAt.map(({ job, place }) => `${job} (${place})`).join(' < ');
  const wide = Math.max(0, ...values.map(({ attribute }) => attribute.length));
  const lines = values.map(({ attribute, value, from }) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `    ${attribute.padEnd(wide)}  ${text}  (${from.join(', ') || layoutWords.default})`;
  });
  return [
    `  job ${name}${note}`,
    ...(listedAt.length === 0 ? [] : [`    ${layoutWords.listed} ${listedAt.join(', ')}`]),
    ...(chain === '' ? [] : [`    ${layoutWords.madeOf} ${chain}`]),
    ...lines,
  ]
    .map(inOneLine)
    .join('\n');
}
