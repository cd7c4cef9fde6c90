/**
 * What is wrong with configurations as they stand, as one viewer sees it. Many repositories meet
 * what is wrong in the one that configures all of them, and many branches hold the same file: each
 * problem is shown once.
 */
import type { ConfigurationView, StandingProblemView } from '@gatehouse/contracts';
import {
  type ConfigurationProblem,
  GatehouseError,
  isRepositoryKey,
  isSameRepository,
  type RepositoryKey,
  type TenantId,
} from '@gatehouse/model';
import type { KeptStanding } from '@gatehouse/ports';
import type { WebDeps } from '../deps.ts';
import { filePage } from '../links.ts';
import type { Viewer } from '../viewer/viewers.ts';
import type { Visibility } from '../viewer/visibility.ts';

/** Problems in one answer; more than anybody repairs at once. The rest is counted. */
export const PROBLEMS_SHOWN_MAX = 100;
/** Branches that are named besides the one that a problem links to. */
export const OTHER_BRANCHES_MAX = 10;

/** Reads it for some tenants. */
export type ReadConfiguration = (
  tenants: readonly TenantId[],
  viewer: Viewer,
) => Promise<ConfigurationView>;

type Deps = Pick<WebDeps, 'standings' | 'log' | 'settings'>;

/** Over the store. */
export function createConfigurationReader(deps: Deps, visibility: Visibility): ReadConfiguration {
  const { codeHostUrl } = deps.settings;

  const isVisible = (standing: KeptStanding, viewer: Viewer): Promise<boolean> =>
    visibility.hasRepositories(viewer, sourcesOf(standing));

  return async (tenants, viewer) => {
    const lists = await Promise.all(tenants.map((tenant) => listOf(deps, tenant)));
    const standings = lists.flat();
    const answers = await Promise.all(standings.map((one) => isVisible(one, viewer)));
    const visible = standings.filter((_one, at) => answers[at] === true);
    return viewStandings(visible, codeHostUrl);
  };
}

/** Records that cannot be read any more hide only those of their own tenant. */
async function listOf(
  { standings, log }: Deps,
  tenant: TenantId,
): Promise<readonly KeptStanding[]> {
  try {
    return await standings.list(tenant);
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.code !== 'GATE_STATE_UNREADABLE') throw error;
    log.error({ tenant, code: error.code, err: error }, 'stored problems cannot be read');
    return [];
  }
}

/** Everything that its problems may quote. */
function sourcesOf({ repository, sources, problems }: KeptStanding) {
  if (sources === null) return null;
  const places = problems.map((problem) => problem.repository);
  const all: RepositoryKey[] = [repository, ...sources, ...places.filter(isRepositoryKey)];
  return all.filter((one, at) => all.findIndex((other) => isSameRepository(one, other)) === at);
}

/** Each problem once, errors first, then by place. */
function viewStandings(standings: readonly KeptStanding[], codeHostUrl: string): ConfigurationView {
  const groups = new Map<string, ConfigurationProblem[]>();
  for (const problem of standings.flatMap(({ problems }) => problems)) {
    const key = keyOf(problem);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [problem]);
    else group.push(problem);
  }
  const problems = [...groups.values()]
    .flatMap((group) => viewGroup(group, codeHostUrl))
    .sort(byUrgencyAndPlace);
  const count = (level: ConfigurationProblem['level']): number =>
    problems.filter((problem) => problem.level === level).length +
    standings.reduce((sum, standing) => sum + notKept(standing, level), 0);
  return {
    problems: problems.slice(0, PROBLEMS_SHOWN_MAX),
    errors_count: count('error'),
    warnings_count: count('warning'),
  };
}

/** The same for the same problem, whatever branch it stands on. */
function keyOf({ level, code, message, remedy, repository, path, range }: ConfigurationProblem) {
  const place = [repository.toLowerCase(), path, range?.startLine ?? null];
  return JSON.stringify([level, code, message, remedy, ...place]);
}

/** Problems that a standing counts and does not hold. */
function notKept(standing: KeptStanding, level: ConfigurationProblem['level']): number {
  const held = standing.problems.filter((problem) => problem.level === level).length;
  const all = level === 'error' ? standing.errorsCount : standing.warningsCount;
  return Math.max(0, all - held);
}

function viewGroup(
  group: readonly ConfigurationProblem[],
  codeHostUrl: string,
): readonly StandingProblemView[] {
  const [first] = group;
  if (first === undefined) return [];
  const { level, code, message, remedy, repository, branch, path, range } = first;
  const line = range?.startLine ?? null;
  const branches = new Set(group.flatMap((problem) => problem.branch ?? []));
  const others = [...branches].filter((one) => one !== branch).sort();
  const url = filePage(codeHostUrl, { repository, branch, path, line });
  const other_branches = others.slice(0, OTHER_BRANCHES_MAX);
  return [{ level, code, message, remedy, repository, branch, path, line, url, other_branches }];
}

function byUrgencyAndPlace(a: StandingProblemView, b: StandingProblemView): number {
  if (a.level !== b.level) return a.level === 'error' ? -1 : 1;
  return (
    compare(a.repository.toLowerCase(), b.repository.toLowerCase()) ||
    compare(a.path, b.path) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    compare(a.message, b.message)
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
