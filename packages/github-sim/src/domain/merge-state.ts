/** What the merge box says, and why the merge button is grey. Pure reading of the state. */
import type { Core } from '../core.ts';
import { isAtLeast, repoById, roleOf, userById } from '../state/find.ts';
import type { PullRecord, RepoRecord } from '../state/types.ts';

export interface MergeState {
  /** GitHub's `mergeable_state`. */
  readonly state: 'unknown' | 'dirty' | 'draft' | 'blocked' | 'unstable' | 'clean';
  /** What stands in the way, in the words of GitHub's 405. */
  readonly reasons: readonly string[];
  /** A ruleset (and not classic protection) stands in the way. */
  readonly isRuleset: boolean;
}

/** Judges an open pull request; a closed one is `unknown`. */
export function mergeState(core: Core, pull: PullRecord): MergeState {
  const repo = repoById(core.state, pull.repoId);
  const classic = missing(core, pull, classicRules(repo, pull.baseRef));
  const ruleset = missing(core, pull, rulesetRules(repo, pull.baseRef));
  const reasons = [...classic, ...ruleset];
  const isRuleset = ruleset.length > 0;
  if (pull.state === 'closed' || pull.mergeable === null) {
    return { state: 'unknown', reasons, isRuleset };
  }
  if (!pull.mergeable) return { state: 'dirty', reasons, isRuleset };
  if (pull.draft) return { state: 'draft', reasons, isRuleset };
  if (reasons.length > 0) return { state: 'blocked', reasons, isRuleset };
  const isUnstable = contexts(core, repo, pull.headSha).some((each) => each.verdict !== 'passed');
  return { state: isUnstable ? 'unstable' : 'clean', reasons, isRuleset };
}

interface Needs {
  readonly checks: readonly { context: string; appId: number | null }[];
  readonly reviews: number;
}

function classicRules(repo: RepoRecord, branch: string): Needs {
  const protection = repo.protections[branch];
  return {
    checks: protection?.requiredChecks ?? [],
    reviews: protection?.requiredReviews ?? 0,
  };
}

function rulesetRules(repo: RepoRecord, branch: string): Needs {
  const checks: { context: string; appId: number | null }[] = [];
  let reviews = 0;
  for (const rule of repo.rules[branch] ?? []) {
    const required = rule.parameters?.required_status_checks;
    if (rule.type === 'required_status_checks' && Array.isArray(required)) {
      for (const each of required) {
        checks.push({ context: String(each.context), appId: each.integration_id ?? null });
      }
    }
    if (rule.type === 'pull_request') {
      reviews = Math.max(reviews, Number(rule.parameters?.required_approving_review_count ?? 0));
    }
  }
  return { checks, reviews };
}

function missing(core: Core, pull: PullRecord, needs: Needs): string[] {
  const repo = repoById(core.state, pull.repoId);
  const shown = contexts(core, repo, pull.headSha);
  const reasons: string[] = [];
  for (const need of needs.checks) {
    const found = shown.filter(
      (each) => each.name === need.context && (need.appId === null || each.appId === need.appId),
    );
    if (found.length === 0) {
      reasons.push(`Required status check "${need.context}" is expected.`);
    } else if (found.some((each) => each.verdict === 'failed')) {
      reasons.push(`Required status check "${need.context}" is failing.`);
    } else if (found.some((each) => each.verdict === 'waiting')) {
      reasons.push(`Required status check "${need.context}" is in progress.`);
    }
  }
  const approvals = approvingReviewers(core, repo, pull);
  if (approvals < needs.reviews) {
    const count = needs.reviews;
    reasons.push(
      `At least ${count} approving review${count === 1 ? ' is' : 's are'} required by reviewers ` +
        'with write access.',
    );
  }
  return reasons;
}

interface Context {
  readonly name: string;
  readonly appId: number | null;
  readonly verdict: 'passed' | 'failed' | 'waiting';
}

/** Newest check run of each name and App, and newest status of each context, on a commit. */
function contexts(core: Core, repo: RepoRecord, sha: string): Context[] {
  const newest = new Map<string, Context>();
  for (const run of core.state.runs) {
    if (run.repoId !== repo.id || run.headSha !== sha) continue;
    const isPass = ['success', 'neutral', 'skipped'].includes(run.conclusion ?? '');
    let verdict: Context['verdict'] = 'waiting';
    if (run.status === 'completed') verdict = isPass ? 'passed' : 'failed';
    newest.set(`run ${run.appId} ${run.name}`, { name: run.name, appId: run.appId, verdict });
  }
  for (const status of core.state.statuses) {
    if (status.repoId !== repo.id || status.sha !== sha) continue;
    let verdict: Context['verdict'] = 'failed';
    if (status.state === 'success') verdict = 'passed';
    if (status.state === 'pending') verdict = 'waiting';
    const appId = core.state.apps.find((app) => app.botId === status.creatorId)?.id ?? null;
    newest.set(`status ${status.context.toLowerCase()}`, { name: status.context, appId, verdict });
  }
  return [...newest.values()];
}

function approvingReviewers(core: Core, repo: RepoRecord, pull: PullRecord): number {
  const latest = new Map<number, string>();
  for (const review of core.state.reviews) {
    if (review.repoId !== repo.id || review.number !== pull.number) continue;
    if (review.state === 'COMMENTED') continue;
    latest.set(review.userId, review.state);
  }
  const approvers = [...latest].filter(([userId, state]) => {
    const role = roleOf(core.state, repo, userById(core.state, userId));
    return state === 'APPROVED' && isAtLeast(role, 'write');
  });
  return approvers.length;
}
