/** Check runs: GitHub's rules for what an App may write, and the buttons that people press. */
import { type Core, fullNameOf, now, repoDir, tick } from '../core.ts';
import { invalid, Refusal } from '../errors.ts';
import { listRefs, objectType } from '../git/read.ts';
import { showRunWithSuite } from '../present/checks.ts';
import { isAtLeast, needSuite, repoById, roleOf } from '../state/find.ts';
import type {
  AnnotationRecord,
  AppRecord,
  CheckActionRecord,
  RepoRecord,
  RunRecord,
  UserRecord,
} from '../state/types.ts';
import { addSuite, emitSuite, findSuite, tellIfComplete } from './suites.ts';

/** GitHub keeps this many runs of one name in a suite. */
const RUNS_PER_NAME_MAX = 1_000;

export interface RunOutput {
  readonly title?: string;
  readonly summary?: string;
  readonly text?: string;
  readonly annotations?: readonly AnnotationRecord[];
}

export interface RunInput {
  readonly name?: string;
  readonly head_sha?: string;
  readonly details_url?: string;
  readonly external_id?: string;
  readonly status?: string;
  readonly started_at?: string;
  readonly conclusion?: string;
  readonly completed_at?: string;
  readonly output?: RunOutput;
  readonly actions?: readonly CheckActionRecord[];
}

/** Makes a check run. @throws Refusal 422 */
export async function createRun(
  core: Core,
  on: { repo: RepoRecord; app: AppRecord; sender: UserRecord },
  input: RunInput & { name: string; head_sha: string },
): Promise<RunRecord> {
  const { repo, app, sender } = on;
  const dir = repoDir(core, repo);
  if ((await objectType(dir, input.head_sha)) !== 'commit') {
    throw invalid(`No commit found for SHA: ${input.head_sha}`);
  }
  checkInput(input);
  const key = { repoId: repo.id, appId: app.id, headSha: input.head_sha };
  const known = findSuite(core, key);
  const headBranch = known?.headBranch ?? (await branchOf(core, repo, input.head_sha));
  const suite = findSuite(core, key) ?? addSuite(core, { ...key, headBranch });
  const run: RunRecord = {
    id: core.store.id(),
    suiteId: suite.id,
    repoId: repo.id,
    appId: app.id,
    headSha: input.head_sha,
    name: input.name,
    externalId: '',
    detailsUrl: null,
    status: 'queued',
    conclusion: null,
    startedAt: now(core),
    completedAt: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    actions: [],
    createdAt: now(core),
  };
  apply(core, run, input);
  core.state.runs.push(run);
  dropOldest(core, run);
  suite.requeued = false;
  suite.updatedAt = now(core);
  emitRun(core, run, { action: 'created', sender });
  if (run.status === 'completed') {
    emitRun(core, run, { action: 'completed', sender });
  }
  await tellIfComplete(core, suite, { repo, sender });
  return run;
}

/** Changes a check run of the same App. @throws Refusal 403, 422 */
export async function updateRun(
  core: Core,
  run: RunRecord,
  on: { app: AppRecord; sender: UserRecord; input: RunInput },
): Promise<void> {
  const { app, sender, input } = on;
  if (run.appId !== app.id) {
    throw new Refusal(
      403,
      `Invalid app_id \`${app.id}\` - check run can only be modified by the GitHub App that ` +
        'created it.',
    );
  }
  checkInput(input);
  const wasCompleted = run.status === 'completed';
  if (wasCompleted && input.status !== undefined && input.status !== 'completed') {
    core.violations.push({
      kind: 'misuse',
      method: 'PATCH',
      path: `check run ${run.id}`,
      message: 'A completed check run was to be taken back; GitHub does not do that reliably.',
    });
  }
  apply(core, run, input);
  const repo = repoById(core.state, run.repoId);
  const suite = needSuite(core.state, repo, run.suiteId);
  suite.requeued = false;
  suite.updatedAt = now(core);
  if (!wasCompleted && run.status === 'completed') {
    emitRun(core, run, { action: 'completed', sender });
  }
  tick(core, 'check_run.updated', fullNameOf(core, repo));
  await tellIfComplete(core, suite, { repo, sender });
}

/** Rules that the API's schema does not state. */
function checkInput(input: RunInput): void {
  if (input.status === 'completed' && input.conclusion === undefined) {
    throw invalid('Invalid request.\n\n"conclusion" wasn\'t supplied.');
  }
  if (input.completed_at !== undefined && input.conclusion === undefined) {
    throw invalid('Invalid request.\n\n"conclusion" wasn\'t supplied.');
  }
  if (input.conclusion === 'stale') {
    throw invalid('Invalid request.\n\n"stale" can only be set by GitHub.');
  }
  if (['waiting', 'requested', 'pending'].includes(input.status ?? '')) {
    throw invalid(`Invalid request.\n\n"${input.status}" can only be set by GitHub Actions.`);
  }
  if (input.output !== undefined) checkOutput(input.output);
  if (input.details_url !== undefined && !/^https?:\/\//.test(input.details_url)) {
    throw invalid('Validation Failed: details_url must use http or https scheme');
  }
}

const TEXT_MAX = 65_535;
const DETAIL_BYTES_MAX = 65_536;

function checkOutput(output: RunOutput): void {
  if (output.title === undefined || output.summary === undefined) {
    const missing = output.title === undefined ? 'title' : 'summary';
    throw invalid(`Invalid request.\n\n"${missing}" wasn't supplied.`);
  }
  for (const text of [output.summary, output.text ?? '']) {
    const length = Buffer.byteLength(text);
    if (length <= TEXT_MAX) continue;
    throw invalid(
      `Invalid request.\n\nOnly ${TEXT_MAX} characters are allowed; ${length} were supplied.`,
    );
  }
  for (const each of output.annotations ?? []) checkAnnotation(each);
}

function checkAnnotation(each: AnnotationRecord): void {
  const hasColumns = each.start_column !== undefined || each.end_column !== undefined;
  if (hasColumns && each.start_line !== each.end_line) {
    throw invalid('start_column and end_column can only be used when start_line equals end_line.');
  }
  if (each.end_line < each.start_line) throw invalid('end_line must be after start_line.');
  if (each.path === '' || each.path.startsWith('./') || each.path.startsWith('/')) {
    throw invalid(`Annotation path "${each.path}" is invalid.`);
  }
  if ((each.title ?? '').length > 255) {
    throw invalid('Invalid request.\n\nOnly 255 characters are allowed for an annotation title.');
  }
  for (const text of [each.message, each.raw_details ?? '']) {
    if (Buffer.byteLength(text) > DETAIL_BYTES_MAX) {
      throw invalid('Invalid request.\n\nOnly 64 KB are allowed for an annotation.');
    }
  }
}

function apply(core: Core, run: RunRecord, input: RunInput): void {
  if (input.name !== undefined) run.name = input.name;
  if (input.details_url !== undefined) run.detailsUrl = input.details_url;
  if (input.external_id !== undefined) run.externalId = input.external_id;
  if (input.started_at !== undefined) run.startedAt = normalTime(input.started_at);
  if (run.status !== 'completed' && input.status !== undefined) {
    run.status = input.status === 'in_progress' ? 'in_progress' : 'queued';
  }
  if (input.conclusion !== undefined) {
    run.status = 'completed';
    run.conclusion = input.conclusion;
    run.completedAt = normalTime(input.completed_at ?? now(core));
  }
  if (input.actions !== undefined) run.actions = [...input.actions];
  const { output } = input;
  if (output === undefined) return;
  run.title = output.title ?? null;
  run.summary = output.summary ?? null;
  if (output.text !== undefined) run.text = output.text;
  run.annotations.push(...(output.annotations ?? []));
}

function normalTime(time: string): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function dropOldest(core: Core, added: RunRecord): void {
  const twins = core.state.runs.filter(
    (run) => run.suiteId === added.suiteId && run.name === added.name,
  );
  if (twins.length <= RUNS_PER_NAME_MAX) return;
  core.state.runs.splice(core.state.runs.indexOf(twins[0] ?? added), 1);
}

/** A branch of this repository whose tip is the commit; null for heads in forks. */
async function branchOf(core: Core, repo: RepoRecord, sha: string): Promise<string | null> {
  const refs = await listRefs(repoDir(core, repo), 'refs/heads/');
  const found = refs.find((each) => each.sha === sha);
  return found === undefined ? null : found.ref.slice('refs/heads/'.length);
}

/** Tells about a check run. Re-runs and buttons go to the App that made the run only. */
function emitRun(
  core: Core,
  run: RunRecord,
  event: { action: string; sender: UserRecord; more?: Record<string, unknown>; onlyApp?: number },
): void {
  const repo = repoById(core.state, run.repoId);
  const suite = needSuite(core.state, repo, run.suiteId);
  core.hooks.emit({
    event: 'check_run',
    action: event.action,
    repo,
    sender: event.sender,
    payload: { check_run: showRunWithSuite(core, run, suite), ...event.more },
    ...(event.onlyApp === undefined ? {} : { onlyApp: event.onlyApp }),
  });
  tick(core, `check_run.${event.action}`, fullNameOf(core, repo));
}

/** "Re-run": the suite is queued again, the run itself stays as it is. */
export function rerunRun(core: Core, run: RunRecord, sender: UserRecord): void {
  const repo = repoById(core.state, run.repoId);
  requeue(core, repo, run.suiteId);
  emitRun(core, run, { action: 'rerequested', sender, onlyApp: run.appId });
}

/** "Re-run all checks". */
export async function rerunSuite(
  core: Core,
  on: { repo: RepoRecord; suite: number; sender: UserRecord },
): Promise<void> {
  const suite = requeue(core, on.repo, on.suite);
  await emitSuite(core, suite, { action: 'rerequested', repo: on.repo, sender: on.sender });
}

function requeue(core: Core, repo: RepoRecord, suiteId: number) {
  const suite = needSuite(core.state, repo, suiteId);
  suite.requeued = true;
  suite.toldConclusion = null;
  suite.updatedAt = now(core);
  return suite;
}

/** Presses a button of a check run. @throws Refusal 403, 422 */
export function pressAction(
  core: Core,
  run: RunRecord,
  press: { identifier: string; user: UserRecord },
): void {
  needWriter(core, repoById(core.state, run.repoId), press.user);
  if (!run.actions.some((action) => action.identifier === press.identifier)) {
    throw invalid(`The check run offers no button ${press.identifier}`);
  }
  const more = { requested_action: { identifier: press.identifier } };
  const event = { action: 'requested_action', sender: press.user, more, onlyApp: run.appId };
  emitRun(core, run, event);
}

/** Only people with write access see the buttons. @throws Refusal 403 */
export function needWriter(core: Core, repo: RepoRecord, user: UserRecord): void {
  if (isAtLeast(roleOf(core.state, repo, user), 'write')) return;
  throw new Refusal(403, `${user.login} has no write access to ${fullNameOf(core, repo)}`);
}
