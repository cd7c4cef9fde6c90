/**
 * Kills the service, as a power cut would, at each gap between two lasting steps, and shows that
 * the change ends as one does that was never disturbed. The process is the real one: it dies when
 * a certain command passes on its way to Redis, or when the simulated GitHub has done a certain
 * thing, so the gap is exact and the product knows nothing of it. `docs/operating/failures.md`
 * tells the same gap by gap.
 *
 * All changes live on one Redis and one GitHub, and the service is started again at once after each
 * kill: messages that were in hand come back only when their lock has run out, and these waits
 * overlap. Each change has an owner of its own, because a turn that died in hand holds up its
 * tenant for as long. So every change but the last also goes through all the kills that follow.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckRunView } from '@gatehouse/github-sim';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addOwner, propose, readLog } from './actions.ts';
import { type ExternalCi, openExternalCi, report } from './external-ci.ts';
import { type House, openHouse, until } from './house.ts';
import { processesLike } from './processes.ts';
import { openTcpRedis, type TcpRedis } from './tcp-redis.ts';

/** Seconds of sleep that no other process of this machine sleeps. */
const MARKER = `86401.${process.pid}`;
/** A lock runs out, is seen as lost in the round after that, and the work is done again. */
const REPAIR_MAX_MS = 60_000;

interface Gap {
  /** What had been done, and what had not. */
  readonly name: string;
  readonly job?: 'held' | 'remote';
  /** Has `die` called at the gap. */
  arm(on: { readonly owner: string; readonly die: () => void }): void | Promise<void>;
}

const gaps: readonly Gap[] = [
  { name: 'delivery claimed, not queued', arm: redisTrap('after', ({ isClaim }) => isClaim) },
  { name: 'delivery queued, not worked on', arm: redisTrap('after', ({ isQueued }) => isQueued) },
  { name: 'change read, not posted', arm: redisTrap('before', ({ isPosted }) => isPosted) },
  { name: 'mailbox posted, not turned', arm: redisTrap('after', ({ isPosted }) => isPosted) },
  { name: 'turn folded, not committed', arm: redisTrap('before', ({ isCommit }) => isCommit) },
  { name: 'turn committed, not relayed', arm: redisTrap('after', ({ isCommit }) => isCommit) },
  {
    name: 'effect relayed, still in the outbox',
    arm: redisTrap('after', ({ isMerge }) => isMerge),
  },
  { name: 'state built, not told', arm: redisTrap('before', ({ isBuilt }) => isBuilt) },
  { name: 'check run created, not recorded', arm: githubTrap('check_run.created') },
  { name: 'command running', job: 'held', arm: whenRunning },
  { name: 'command ended, result not taken', arm: redisTrap('before', ({ isResult }) => isResult) },
  { name: 'result taken, not turned', arm: redisTrap('after', ({ isResult }) => isResult) },
  { name: 'http launch accepted, not recorded', job: 'remote', arm: whenAccepted },
  { name: 'end of a run shown, not recorded', arm: githubTrap('check_run.completed') },
];

let folder: string;
let redis: TcpRedis;
let ci: ExternalCi;
let house: House;
let undisturbed: string;
/** The change of each gap, once its kill has happened. */
const killed = new Map<string, Subject>();
/** What the runner of the first of two equal launches was answered. */
const answered: number[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-kills-'));
  redis = await openTcpRedis();
  ci = await openExternalCi();
  house = await openHouse({
    files: { 'README.md': '# api\n', '.gatehouse.yaml': configuration(ci.url) },
    environment: { GATEHOUSE_REDIS_URL: redis.url },
  });
  // Also makes Redis know every script, so that no command is sent twice for that reason.
  undisturbed = await endOf(await open('acme', 'unit'));
  for (const [index, gap] of gaps.entries()) {
    const owner = `owner-${index}`;
    const readme = { 'README.md': '# api\n', '.gatehouse.yaml': configuration(ci.url) };
    await addOwner(house, owner, readme);
    await killAt(gap, owner);
  }
}, 240_000);
afterAll(async () => {
  expect(house.sim.violations).toEqual([]);
  await house[Symbol.asyncDispose]();
  await ci[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe.concurrent('a service that was killed ends a change as if nothing had happened', () => {
  for (const { name } of gaps) {
    it(name, { timeout: REPAIR_MAX_MS }, async () => {
      const subject = killed.get(name);
      if (subject === undefined) throw new Error('the service did not die at this gap');

      expect(await endOf(subject)).toBe(undisturbed);
    });
  }
});

describe('afterwards', () => {
  it('every gap is told on the page about failures', async () => {
    const page = join(import.meta.dirname, '../../docs/operating/failures.md');
    const text = await readFile(page, 'utf8');

    expect(gaps.map(({ name }) => name).filter((name) => !text.includes(`**${name}**`))).toEqual(
      [],
    );
  });

  it('nothing is left in hand, running, or lying about', async () => {
    await house.idle();
    const repositories = [...killed.values()].map(({ repository }) => ({ repository }));

    const refs = await Promise.all(repositories.map((one) => house.sim.act.refs(one)));
    const failed = await redis.behind.redis.keys('gatehouse:queue:*:failed');

    const names = refs.flatMap((one) => Object.keys(one));
    expect(names.filter((name) => name.startsWith('refs/heads/gatehouse/'))).toEqual([]);
    expect(failed).toEqual([]);
    expect(await processesLike(MARKER)).toEqual([]);
  });

  it('a lost answer to a creation has made one run, not two', async () => {
    const path = '/repos/acme/api/check-runs';
    await house.sim.act.addFault({ target: 'api', kind: 'lost_answer', method: 'POST', path });

    const subject = await open('acme', 'unit-again');

    expect(await endOf(subject)).toBe(undisturbed);
    expect(await house.sim.act.faults()).toEqual([]);
  });

  it('the second life of a command is told in its log', async () => {
    const { number, repository } = subjectOf('command running');
    const [run] = await house.runs(number, repository);
    if (run === undefined) throw new Error('the run is missing');

    expect(await readLog(house, run)).toContain('its runner went away before it was over');
  });

  it('the runner of a launch that was made twice was listened to, whichever it went by', () => {
    const launches = ci.launches('remote');

    expect(launches.map(({ body }) => body)).toEqual([launches[0]?.body, launches[0]?.body]);
    expect(answered).toEqual([200]);
  });
});

/** A change that is looked at in the end. */
interface Subject {
  readonly repository: string;
  readonly number: number;
  readonly job: string;
}

function subjectOf(name: string): Subject {
  const subject = killed.get(name);
  if (subject === undefined) throw new Error(`the service did not die at: ${name}`);
  return subject;
}

async function killAt(gap: Gap, owner: string): Promise<void> {
  const { name, arm } = gap;
  const death = Promise.withResolvers<true>();
  const die = () => {
    process.kill(house.pid, 'SIGKILL');
    death.resolve(true);
  };
  const armed = arm({ owner, die });
  const subject = await open(owner, gap.job ?? 'unit');
  await armed;
  const { number, repository } = subject;
  const ended = until(`the kill at: ${name}`, async () => {
    const isOver = (await endedRun({ number, repository })) !== null;
    return isOver ? false : null;
  });
  if (await Promise.race([death.promise, ended.catch(() => false)])) killed.set(name, subject);
  redis.setTrap(null);
  await house.kill();
  await house.restart();
}

/** Opens a change that only one job is for; its title is the job's name. */
async function open(owner: string, title: string): Promise<Subject> {
  const repository = `${owner}/api`;
  const { number } = await propose(house, { [title]: 'x\n' }, { branch: title, repository });
  return { repository, number, job: title.split('-')[0] ?? title };
}

/** Everything that GitHub shows in the end, without what differs between any two changes. */
async function endOf({ number, repository, job }: Subject): Promise<string> {
  const pull = { number, repository };
  const run = await until(`the end of ${repository}`, () => endedRun(pull), REPAIR_MAX_MS);
  const runs = await house.runs(number, repository);
  expect(runs.map(({ id }) => id)).toEqual([run.id]);
  const { name, conclusion, title, annotations, actions } = run;
  const summary = (run.summary ?? '')
    .replaceAll(job, 'JOB')
    .replace(/^(\| JOB \| [^|]* \|).*$/gm, '$1 TIME AND LOG |');
  return JSON.stringify({ name, conclusion, title, annotations, actions, summary }, null, 2);
}

async function endedRun(pull: Omit<Subject, 'job'>): Promise<CheckRunView | null> {
  const run = (await house.runs(pull.number, pull.repository)).at(-1);
  return run?.status === 'completed' ? run : null;
}

/** What a command on its way to Redis is, in the course of one change. */
interface Passing {
  readonly isClaim: boolean;
  readonly isQueued: boolean;
  readonly isPosted: boolean;
  readonly isCommit: boolean;
  readonly isMerge: boolean;
  readonly isBuilt: boolean;
  readonly isResult: boolean;
}

function redisTrap(when: 'before' | 'after', isGap: (passing: Passing) => boolean): Gap['arm'] {
  return ({ owner, die }) => {
    const read = createPassingReader(owner);
    redis.setTrap({ when, matches: (text) => isGap(read(text)), spring: die });
  };
}

/** Follows an owner's one change, which the delivery of its opening stands for at first. */
function createPassingReader(owner: string): (text: string) => Passing {
  const tenant = `gatehouse:{${owner}}:`;
  let delivery = 'no delivery yet';
  return (text) => {
    const isClaim = text.includes('gatehouse:delivery:{') && text.includes(`${owner}/api/pulls/1"`);
    if (isClaim) delivery = /gatehouse:delivery:\{([^}]+)\}/.exec(text)?.[1] ?? delivery;
    return {
      isClaim,
      isQueued: text.includes('gatehouse:queue:events:') && text.includes(delivery),
      isPosted: text.includes(tenant) && isProposal(text),
      isCommit: text.includes(`${tenant}record:item/`) && text.includes('"phase":"preparing"'),
      isMerge: text.includes('gatehouse:queue:merges:') && isMessage(text, owner, 'build-state'),
      isBuilt: text.includes('gatehouse:queue:events:') && isMessage(text, owner, 'state-built'),
      isResult: text.includes('gatehouse:build:{') && isMessage(text, owner, 'BuildCompleted'),
    };
  };
}

/** Branches that move are told of in the same way. */
function isProposal(text: string): boolean {
  return text.includes('{"type":"ChangeObserved"') && text.includes('"kind":"proposed"');
}

/** What is being told, and is not only named. */
function isMessage(text: string, owner: string, word: string): boolean {
  return text.includes(`"tenant":"${owner}"`) && text.includes(`"${word}"`);
}

/** The moment in which GitHub has done it and has not answered yet. */
function githubTrap(kind: string): Gap['arm'] {
  return ({ die }) => {
    const forget = house.sim.onChange((tick) => {
      if (tick.kind !== kind) return;
      forget();
      die();
    });
  };
}

async function whenRunning({ die }: { die: () => void }): Promise<void> {
  await until('the command to run', async () =>
    (await processesLike(MARKER)).length > 0 ? true : null,
  );
  die();
}

/** Reports, as a runner does that knows of the first launch only, once there is a second. */
function whenAccepted({ die }: { die: () => void }): void {
  ci.onLaunch('remote', async () => {
    const [first, second] = ci.launches('remote');
    if (second === undefined) die();
    else if (first !== undefined) {
      const { status } = await report(first, 'result', { result: 'SUCCESS' });
      answered.push(status);
    }
    return 200;
  });
}

function configuration(url: string): string {
  const first = join(folder, 'first');
  const held = `if mkdir ${first}; then sleep ${MARKER}; fi`;
  return [
    "- job: {name: unit, files: ['^unit'], run: cat README.md}",
    `- job: {name: held, files: ['^held'], run: ${JSON.stringify(held)}}`,
    `- job: {name: remote, files: ['^remote'], http: '${url}/hook'}`,
    '- project:',
    '    check: {jobs: [unit, held, remote]}',
    '',
  ].join('\n');
}
