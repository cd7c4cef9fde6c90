/** Jobs that may run → the graph of those that do, with dependencies that name members only. */
import type { ConfigurationProblem, Reason } from '@gatehouse/model';
import type { Layout } from '../definitions.ts';
import { problemAt } from '../problems.ts';
import { wording } from '../wording/wording.ts';
import type { Candidate } from './candidate.ts';
import { unresolved } from './check.ts';
import { jobNames, resolveJob } from './names.ts';

/** The members of the graph in report order. */
export interface Connected {
  readonly members: readonly Candidate[];
  readonly reasons: readonly Reason[];
  readonly problems: readonly ConfigurationProblem[];
}

/**
 * Decides membership: a job that its file filters leave out runs all the same when a member needs
 * it. Missing and circular dependencies are errors.
 */
export function connect(
  layout: Layout,
  candidates: readonly Candidate[],
  repository: string,
): Connected {
  const byName = new Map(candidates.map((candidate) => [candidate.job.name, candidate]));
  const neededBy = pullIn(candidates, byName);
  const isMember = (name: string) => byName.get(name)?.leftOut === null || neededBy.has(name);
  const reasons = candidates.map(({ job, leftOut, isWanted }): Reason => {
    if (isWanted) return { code: 'job-altered', subject: job.name };
    if (leftOut === null) return { code: 'job-runs', subject: job.name };
    const needing = neededBy.get(job.name);
    if (needing === undefined) return leftOut;
    return { code: 'job-needed', subject: job.name, seen: needing };
  });
  const members = candidates.filter(({ job }) => isMember(job.name));
  const problems = members.flatMap((member) => missingOf({ layout, repository, isMember }, member));
  const connected = members.map((member): Candidate => {
    if (member.job.dependencies.every(({ name }) => isMember(name))) return member;
    const dependencies = member.job.dependencies.filter(({ name }) => isMember(name));
    return { ...member, job: { ...member.job, dependencies } };
  });
  return { members: connected, reasons, problems: [...problems, ...loopsOf(connected)] };
}

/** Jobs that run only because a hard dependency on them was left out, with who needs them. */
function pullIn(
  candidates: readonly Candidate[],
  byName: ReadonlyMap<string, Candidate>,
): ReadonlyMap<string, string> {
  const neededBy = new Map<string, string>();
  const waiting = candidates.filter(({ leftOut }) => leftOut === null);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const { name, isSoft } of next.job.dependencies) {
      const needed = byName.get(name);
      if (isSoft || needed === undefined || needed.leftOut === null || neededBy.has(name)) continue;
      neededBy.set(name, next.job.name);
      waiting.push(needed);
    }
  }
  return neededBy;
}

interface Surroundings {
  readonly layout: Layout;
  readonly repository: string;
  readonly isMember: (name: string) => boolean;
}

function missingOf(
  { layout, repository, isMember }: Surroundings,
  { job }: Candidate,
): readonly ConfigurationProblem[] {
  return job.dependencies.flatMap(({ name, isSoft, place }) => {
    if (isMember(name)) return [];
    const use = { name, writtenIn: place.repository, usedFor: repository };
    const search = { found: resolveJob(layout, use), known: () => jobNames(layout) };
    const text = unresolved('job', name, search);
    if (text !== null) return [problemAt(text, place)];
    return isSoft ? [] : [problemAt(wording.dependencyNotRun(job.name, name), place)];
  });
}

/** Each loop of dependencies once, told at the first of its jobs in report order. */
function loopsOf(members: readonly Candidate[]): readonly ConfigurationProblem[] {
  const byName = new Map(members.map((member) => [member.job.name, member]));
  const done = new Set<string>();
  for (const member of members) {
    const loop = walk({ byName, done }, member.job.name);
    if (loop !== null) return [problemAt(wording.dependencyLoop(loop), member.place)];
  }
  return [];
}

interface Walk {
  readonly byName: ReadonlyMap<string, Candidate>;
  /** Jobs from which no loop can be reached. */
  readonly done: Set<string>;
}

/** Depth first without recursion: a chain may be as long as there are jobs. */
function walk({ byName, done }: Walk, start: string): readonly string[] | null {
  const path: { readonly name: string; next: number }[] = [{ name: start, next: 0 }];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const dependency = byName.get(top.name)?.job.dependencies[top.next];
    if (dependency === undefined || done.has(top.name)) {
      done.add(top.name);
      path.pop();
      continue;
    }
    top.next += 1;
    const from = path.findIndex(({ name }) => name === dependency.name);
    if (from >= 0) return [...path.slice(from).map(({ name }) => name), dependency.name];
    path.push({ name: dependency.name, next: 0 });
  }
  return null;
}
