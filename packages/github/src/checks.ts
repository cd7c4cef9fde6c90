/**
 * Check runs. Only the App that made a run may change it, GitHub takes at most 50 annotations a
 * request and appends those of every further one, and a create whose answer was lost may have
 * happened: the caller looks for the run by its `external_id` before it creates again.
 * Source: https://docs.github.com/rest/checks/runs
 */
import {
  type BuildsetId,
  type CommitSha,
  isBuildsetId,
  type RepositoryKey,
} from '@gatehouse/model';
import type { CheckRunContent, CheckRunWriter, FoundCheckRun, ShownRun } from '@gatehouse/ports';
import { z } from 'zod';
import { assertCheckLimits, checkLimits } from './check-limits.ts';
import { fieldsOf, type GitHubContext, pathOf } from './context.ts';
import { type Client, type ParametersOf, resource } from './http/client.ts';
import { statusOf } from './http/errors.ts';

const CheckRun = z.object({
  id: z.number(),
  name: z.string(),
  external_id: z.string().nullish(),
  conclusion: z.string().nullish(),
  output: z.object({ annotations_count: z.number() }),
});
const checkRunsOfCommit = resource(
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  z.object({ check_runs: z.array(CheckRun) }),
);
const Created = z.object({ id: z.number() });

const createRoute = 'POST /repos/{owner}/{repo}/check-runs';
const updateRoute = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}';
type Output = NonNullable<ParametersOf<typeof updateRoute>['output']>;
type Annotation = NonNullable<Output['annotations']>[number];

export function createCheckRunWriter(context: GitHubContext): CheckRunWriter {
  return {
    async createCheckRun(repository, content) {
      assertCheckLimits(content);
      const client = await context.installations.need(repository);
      const [first, ...rest] = annotationBatches(content);
      const answer = await client.send(
        createRoute,
        { ...pathOf(repository), head_sha: content.headSha, ...runFields(content, first ?? []) },
        { isRepeatable: false },
      );
      const { id } = fieldsOf(Created, answer, createRoute);
      await addAnnotations(client, { repository, checkRun: id, content }, rest);
      return id;
    },
    async updateCheckRun(repository, checkRun, content) {
      assertCheckLimits(content);
      const client = await context.installations.need(repository);
      const [first, ...rest] = annotationBatches(content);
      await client.send(
        updateRoute,
        { ...pathOf(repository), check_run_id: checkRun, ...runFields(content, first ?? []) },
        // Annotations are appended: sending them twice would show them twice.
        { isRepeatable: first === undefined },
      );
      await addAnnotations(client, { repository, checkRun, content }, rest);
    },
    async findCheckRun(repository, run) {
      return findCheckRun(context, { repository, ...run });
    },
  };
}

async function findCheckRun(
  context: GitHubContext,
  wanted: { repository: RepositoryKey; headSha: CommitSha; name: string; buildset: BuildsetId },
): Promise<FoundCheckRun | null> {
  const client = await context.installations.need(wanted.repository);
  const pages = client.readPages(checkRunsOfCommit, {
    ...pathOf(wanted.repository),
    ref: wanted.headSha,
    check_name: wanted.name,
    app_id: (await context.identity.read()).id,
    filter: 'all',
  });
  for await (const page of pages) {
    const run = page.check_runs.find((candidate) => candidate.external_id === wanted.buildset);
    if (run !== undefined) {
      return { checkRun: run.id, annotationsCount: run.output.annotations_count };
    }
  }
  return null;
}

export async function readShownRuns(
  context: GitHubContext,
  repository: RepositoryKey,
  headSha: CommitSha,
): Promise<readonly ShownRun[]> {
  const client = await context.installations.find(repository);
  if (client === null) return [];
  const identity = await context.identity.read();
  const pages = client.readPages(checkRunsOfCommit, {
    ...pathOf(repository),
    ref: headSha,
    app_id: identity.id,
    filter: 'latest',
  });
  const newest = new Map<string, z.infer<typeof CheckRun>>();
  try {
    for await (const page of pages) {
      for (const run of page.check_runs) {
        if ((newest.get(run.name)?.id ?? 0) < run.id) newest.set(run.name, run);
      }
    }
  } catch (error) {
    // No such repository, or no such commit in it: nothing is shown there.
    if (statusOf(error) === 404 || statusOf(error) === 422) return [];
    throw error;
  }
  return [...newest.values()].flatMap((run) => shownRun(run, identity.slug));
}

function shownRun(run: z.infer<typeof CheckRun>, slug: string): ShownRun[] {
  const buildset = run.external_id ?? '';
  // A run without such an id is none of a pipeline.
  if (!isBuildsetId(buildset)) return [];
  return [{ buildset, name: run.name, description: `${slug}:${run.name}:${run.conclusion ?? ''}` }];
}

function runFields(
  content: CheckRunContent,
  annotations: readonly Annotation[],
): { name: string } & Omit<ParametersOf<typeof updateRoute>, 'owner' | 'repo' | 'check_run_id'> {
  return {
    name: content.name,
    external_id: content.buildset,
    details_url: content.detailsUrl,
    status: content.status,
    ...(content.startedAt === null ? {} : { started_at: isoTime(content.startedAt) }),
    ...(content.conclusion === null ? {} : { conclusion: content.conclusion }),
    ...(content.completedAt === null ? {} : { completed_at: isoTime(content.completedAt) }),
    output: outputOf(content, annotations),
    actions: content.actions.map((action) => ({ ...action })),
  };
}

function outputOf(
  content: CheckRunContent,
  annotations: readonly Annotation[],
): Output & { title: string } {
  return {
    title: content.title,
    summary: content.summary,
    ...(content.text === null ? {} : { text: content.text }),
    ...(annotations.length === 0 ? {} : { annotations: [...annotations] }),
  };
}

/**
 * The batches behind the first. They carry the output alone: the verdict is told already, and
 * telling it again would send everybody another event.
 */
async function addAnnotations(
  client: Client,
  to: { repository: RepositoryKey; checkRun: number; content: CheckRunContent },
  batches: readonly (readonly Annotation[])[],
): Promise<void> {
  for (const batch of batches) {
    const parameters = {
      ...pathOf(to.repository),
      check_run_id: to.checkRun,
      output: outputOf(to.content, batch),
    };
    await client.send(updateRoute, parameters, { isRepeatable: false });
  }
}

function annotationBatches(content: CheckRunContent): Annotation[][] {
  const batches: Annotation[][] = [];
  const size = checkLimits.annotationsPerRequestMax;
  for (let start = 0; start < content.annotations.length; start += size) {
    batches.push(content.annotations.slice(start, start + size).map(annotationFields));
  }
  return batches;
}

function annotationFields(annotation: CheckRunContent['annotations'][number]): Annotation {
  const { startColumn, endColumn, title } = annotation;
  // GitHub refuses columns on remarks that span lines.
  const hasColumns = annotation.startLine === annotation.endLine;
  return {
    path: annotation.path.replace(/^\.\//, ''),
    start_line: annotation.startLine,
    end_line: annotation.endLine,
    ...(hasColumns && startColumn !== null ? { start_column: startColumn } : {}),
    ...(hasColumns && endColumn !== null ? { end_column: endColumn } : {}),
    annotation_level: annotation.level,
    message: annotation.message,
    ...(title === null ? {} : { title }),
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
