/** A tenant of many repositories, written out as its people would: about 0.9 MB of YAML. */
import type { LayoutSource } from '@gatehouse/layout';

/** The repository whose jobs are frozen; it is the first of the tenant. */
export const firstRepository = 'acme/service-0';

const commonJobs = 5;
const jobsOfFile = 20;

/** `repositories` with `jobs` job items each, beside a few common ones of the owner. */
export function tenant(repositories: number, jobs: number): readonly LayoutSource[] {
  const common = Array.from({ length: commonJobs }, (_, at) => commonJob(at)).join('\n');
  const owner: LayoutSource = {
    repository: 'acme/.gatehouse',
    branch: 'main',
    role: 'owner',
    files: [{ path: '.gatehouse.yaml', text: common }],
  };
  const services = Array.from({ length: repositories }, (_, at) => service(at, jobs));
  return [owner, ...services];
}

/** The same text in new objects, so that nothing of an earlier reading is remembered. */
export function afresh(sources: readonly LayoutSource[]): readonly LayoutSource[] {
  return sources.map((source) => ({
    ...source,
    files: source.files.map((file) => ({ ...file })),
  }));
}

/** The same but for one file, which is another text in each round. */
export function withOneChange(
  sources: readonly LayoutSource[],
  round: number,
): readonly LayoutSource[] {
  return sources.map((source) => {
    if (source.repository !== firstRepository) return source;
    const [first, ...others] = source.files;
    if (first === undefined) return source;
    return { ...source, files: [{ ...first, text: `${first.text}# ${round}\n` }, ...others] };
  });
}

function service(service: number, jobs: number): LayoutSource {
  const parts = Array.from({ length: jobs }, (_, part) => jobItem(service, part));
  const files = Array.from({ length: Math.ceil(jobs / jobsOfFile) }, (_, file) => ({
    path: `.gatehouse.d/jobs-${String(file).padStart(2, '0')}.yaml`,
    text: parts.slice(file * jobsOfFile, (file + 1) * jobsOfFile).join('\n'),
  }));
  const names = parts.map((_, part) => `service-${service}-part-${part}`);
  const project = { path: '.gatehouse.d/project.yaml', text: projectItem(names) };
  return {
    repository: `acme/service-${service}`,
    branch: 'main',
    role: 'repository',
    files: [...files, project],
  };
}

function commonJob(at: number): string {
  return `- job:
    name: common-${at}
    pre-run: npm ci
    run: npm test
    vars: {level: ${at}}
`;
}

function jobItem(service: number, part: number): string {
  return `# Part ${part} by itself, so that a failure names it.
- job:
    name: service-${service}-part-${part}
    parent: common-${part % commonJobs}
    description: |
      Tests part ${part} with all that it needs.
    run: npm run test:part -- --part=${part} --report="reports/part-${part}.xml"
    timeout: ${1200 + part}
    voting: ${part % 7 !== 0}
    files:
      - ^src/part-${part}/.*
      - ^package(-lock)?\\.json$
    vars:
      part: ${part}
      shards: [1, 2, 3]
`;
}

function projectItem(names: readonly string[]): string {
  const listed = names.map((name) => `        - ${name}`).join('\n');
  const gated = names.map((name) => `        - ${name}: {voting: true}`).join('\n');
  return `- project:\n    check:\n      jobs:\n${listed}\n    gate:\n      jobs:\n${gated}\n`;
}
