import { aBuild, aJob, aPipeline } from '@gatehouse/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { ended, read, shown } from '../testing/shown.ts';

const passing = aBuild('unit');
const failing = aBuild('lint', { result: 'FAILURE', detail: 'exit code 2', completedAt: 62_000 });
const waiting = aBuild('e2e', {
  phase: 'waiting',
  attempt: 0,
  result: null,
  startedAt: null,
  completedAt: null,
  hasLog: false,
});

describe('what a run shows while it is under way', () => {
  it('says that it is queued', () => {
    expect(read({})).toMatchInlineSnapshot(`
      "queued  | Queued: preparing the state to test [Abort] [Run again]

      Started: pull_request opened by ada."
    `);
  });

  it('counts the jobs that are done', () => {
    const running = aBuild('lint', { phase: 'running', result: null, completedAt: null });
    const builds = [passing, running, waiting];

    expect(read({ phase: 'running', startedAt: 2_000, builds })).toMatchInlineSnapshot(`
      "in_progress  | Running: 1 of 3 jobs done [Abort] [Run again]

      Starting check jobs.

      | Job | Result | Time | Log |
      | --- | --- | --- | --- |
      | unit | ✅ passed | 3.5 s | [log](<https://ci.example/builds/bs-1.unit>) |
      | lint | running |  | [log](<https://ci.example/builds/bs-1.lint>) |
      | e2e | waiting |  |  |"
    `);
  });

  it('says which try is running and why the last one did not count', () => {
    const job = aJob('unit', { attempts: 3 });
    const again = { phase: 'launched', attempt: 2, result: null, completedAt: null } as const;
    const builds = [aBuild('unit', { ...again, job, detail: 'the runner went away' })];

    expect(read({ phase: 'running', builds })).toMatchInlineSnapshot(`
      "in_progress  | Running: 0 of 1 job done [Abort] [Run again]

      Starting check jobs.

      | Job | Result | Time | Log |
      | --- | --- | --- | --- |
      | unit | starting (try 2 of 3): the runner went away |  | [log](<https://ci.example/builds/bs-1.unit>) |"
    `);
  });

  it('says why jobs were chosen and left out', () => {
    const selection = [
      { code: 'job-runs', subject: 'unit' },
      {
        code: 'job-files-not-matched',
        subject: 'docs',
        seen: { count: 5, first: ['src/a.ts', 'src/b.ts'] },
        expected: ['^docs/'],
      },
    ];

    expect(shown({ phase: 'running', builds: [passing], selection }).text).toMatchInlineSnapshot(`
      "### Why these jobs
      - Job unit runs.
      - Job docs does not run: none of src/a.ts, src/b.ts and 3 more matches ^docs/."
    `);
  });
});

describe('what a run shows of a project that debugs', () => {
  const selection = [
    { code: 'job-runs', subject: 'unit' },
    { code: 'job-branch-not-matched', subject: 'docs', seen: 'main' },
  ];

  it('is why jobs were chosen and left out, once, below the jobs', () => {
    const debugging = ended('success', { builds: [passing], selection, isDebug: true });

    expect(
      read(debugging, { messages: { ...aPipeline().messages, footer: 'Ask @ada.' } }),
    ).toMatchInlineSnapshot(`
      "completed success | 1 job passed

      Build succeeded.

      | Job | Result | Time | Log |
      | --- | --- | --- | --- |
      | unit | ✅ passed | 3.5 s | [log](<https://ci.example/builds/bs-1.unit>) |

      ### Why these jobs
      - Job unit runs.
      - Job docs does not run: it is not for the branch main.

      Ask @​ada."
    `);
  });

  it('is there from the moment the jobs are known', () => {
    const running = { phase: 'running', builds: [passing], selection, isDebug: true } as const;

    expect(shown(running).summary).toContain('### Why these jobs\n- Job unit runs.\n');
  });

  it('is not told twice where no job applies', () => {
    const reasons = [{ code: 'no-jobs', subject: 'check' }, ...selection];
    const verdict = { outcome: 'skipped', reasons } as const;

    const { summary } = shown(ended('skipped', { selection, isDebug: true, verdict }));

    expect(summary.match(/Job docs does not run/g)).toHaveLength(1);
  });

  it('leaves most of the summary to the jobs and the rest to the text below', () => {
    const long = Array.from({ length: 1_000 }, (_, at) => ({
      code: 'job-runs',
      subject: `job-${at}`,
    }));

    const { summary, text } = shown({
      phase: 'running',
      builds: [passing],
      selection: long,
      isDebug: true,
    });

    expect(Buffer.byteLength(summary)).toBeLessThan(9_000);
    expect(summary).toContain('The rest is left out here');
    expect(text).toContain('- Job job-999 runs.');
  });
});

describe('what a run shows at its end', () => {
  it('names what passed', () => {
    expect(read(ended('success', { builds: [passing] }))).toMatchInlineSnapshot(`
      "completed success | 1 job passed

      Build succeeded.

      | Job | Result | Time | Log |
      | --- | --- | --- | --- |
      | unit | ✅ passed | 3.5 s | [log](<https://ci.example/builds/bs-1.unit>) |"
    `);
  });

  it('does not call a failed or skipped job passed when the run succeeds', () => {
    const tolerated = aBuild('flaky', {
      job: aJob('flaky', { isVoting: false }),
      result: 'FAILURE',
    });
    const skipped = aBuild('after', { result: 'SKIPPED', detail: 'flaky did not succeed' });
    const builds = [passing, tolerated, skipped];

    expect(read(ended('success', { builds }))).toMatchInlineSnapshot(`
      "completed success | 1 of 3 jobs passed, 1 non-voting failed, 1 skipped

      Build succeeded.

      | Job | Result | Time | Log |
      | --- | --- | --- | --- |
      | unit | ✅ passed | 3.5 s | [log](<https://ci.example/builds/bs-1.unit>) |
      | flaky (non-voting) | ❌ failed | 3.5 s | [log](<https://ci.example/builds/bs-1.flaky>) |
      | after | ➖ skipped: flaky did not succeed | 3.5 s | [log](<https://ci.example/builds/bs-1.after>) |"
    `);
  });

  it('names what failed, with the reason and the log', () => {
    const reasons = [{ code: 'job-failed', subject: 'lint', seen: 'FAILURE' }];
    const verdict = { outcome: 'failure', reasons } as const;
    const builds = [passing, { ...failing, logUrl: 'https://logs.example/42' }];

    expect(read(ended('failure', { builds, verdict }))).toMatchInlineSnapshot(`
      "completed failure | 1 of 2 jobs failed [Run again]

      Build failed.

      - Job lint failed.

      | Job | Result | Time | Log |
      | --- | --- | --- | --- |
      | unit | ✅ passed | 3.5 s | [log](<https://ci.example/builds/bs-1.unit>) |
      | lint | ❌ failed: exit code 2 | 1 min 0 s | [log](<https://logs.example/42>) |"
    `);
  });

  it('says that time ran out', () => {
    const reasons = [{ code: 'job-failed', subject: 'unit', seen: 'TIMED_OUT' }];
    const detail = 'no result within 1800 s';
    const build = aBuild('unit', { result: 'TIMED_OUT', completedAt: 1_802_000, detail });
    const verdict = { outcome: 'timed-out', reasons } as const;

    expect(read(ended('timed-out', { builds: [build], verdict }))).toMatchInlineSnapshot(`
      "completed timed_out | 1 of 1 job timed out [Run again]

      Build failed.

      - Job unit timed out.

      | Job | Result | Time | Log |
      | --- | --- | --- | --- |
      | unit | ⌛ timed out: no result within 1800 s | 30 min 0 s | [log](<https://ci.example/builds/bs-1.unit>) |"
    `);
  });

  it('uses the words that a job has for its own results', () => {
    const job = aJob('unit', { successMessage: 'all green', failureMessage: 'see the wiki' });
    const builds = [aBuild('a', { job }), aBuild('b', { job, result: 'FAILURE' })];

    expect(read(ended('failure', { builds }))).toMatchInlineSnapshot(`
      "completed failure | 1 of 2 jobs failed [Run again]

      Build failed.

      | Job | Result | Time | Log |
      | --- | --- | --- | --- |
      | unit | ✅ all green | 3.5 s | [log](<https://ci.example/builds/bs-1.a>) |
      | unit | ❌ see the wiki | 3.5 s | [log](<https://ci.example/builds/bs-1.b>) |"
    `);
  });

  const cancellations = [
    ['a newer commit', { code: 'new-head', subject: 'check', seen: 'd'.repeat(40) }],
    ['a closed change', { code: 'change-closed', subject: 'check' }],
    ['the abort button', { code: 'aborted', subject: 'check', seen: 'ada' }],
    ['an administrator', { code: 'dequeued', subject: 'check', seen: 'root' }],
    ['a re-run', { code: 'rerun', subject: 'check', seen: 'ada' }],
    ['another pipeline', { code: 'superseded', subject: 'check', seen: 'gate' }],
    ['another base', { code: 'new-base', subject: 'check', seen: 'release' }],
  ] as const;

  it('says who or what cancelled it', () => {
    const texts = cancellations.map(([what, reason]) => {
      const verdict = { outcome: 'cancelled', reasons: [reason] } as const;
      return `${what}: ${shown(ended('cancelled', { verdict })).summary.split('\n').at(-1)}`;
    });

    expect(texts).toMatchInlineSnapshot(`
      [
        "a newer commit: - A newer commit was pushed (dddddddd).",
        "a closed change: - The change was closed.",
        "the abort button: - Aborted by ada.",
        "an administrator: - Taken out of the pipeline by root.",
        "a re-run: - Started again from the beginning by ada.",
        "another pipeline: - The pipeline gate took over from this run.",
        "another base: - The change now goes to release.",
      ]
    `);
  });

  it('is cancelled with the jobs it had', () => {
    const [, reason] = cancellations[0];
    const verdict = { outcome: 'cancelled', reasons: [reason] } as const;
    const stopped = { ...waiting, phase: 'completed', result: 'CANCELED' } as const;

    expect(
      read(ended('cancelled', { verdict, builds: [passing, stopped] })),
    ).toMatchInlineSnapshot(`
      "completed cancelled | Cancelled [Run again]

      Build canceled.

      - A newer commit was pushed (dddddddd).

      | Job | Result | Time | Log |
      | --- | --- | --- | --- |
      | unit | ✅ passed | 3.5 s | [log](<https://ci.example/builds/bs-1.unit>) |
      | e2e | ⏹ cancelled |  |  |"
    `);
  });

  it('says that the change conflicts with its base', () => {
    const seen = 'The change cannot be merged into main without conflicts.';
    const reasons = [{ code: 'merge-conflict', subject: 'check', seen }];

    expect(
      read(ended('conflict', { verdict: { outcome: 'conflict', reasons } })),
    ).toMatchInlineSnapshot(`
      "completed failure | Merge conflict [Run again]

      Merge failed.

      - The change cannot be merged into main without conflicts."
    `);
  });

  it('says what has to happen before an untrusted head runs, with one button', () => {
    const seen = 'mallory';
    const subject = '1'.repeat(40);
    const reasons = [{ code: 'head-not-trusted', subject, seen }];
    const verdict = { outcome: 'action-required', reasons } as const;
    const trust = { isTrusted: false, author: seen, authorPermission: 'read' } as const;

    expect(read(ended('action-required', { verdict, trust }))).toMatchInlineSnapshot(`
      "completed action_required | Waiting for approval [Approve and run]

      - Commit 11111111 by mallory has to be approved before it may run: somebody with write access, other than the author, presses "Approve and run" or approves exactly this commit."
    `);
  });

  it('says who approved an outside head', () => {
    const ground = { code: 'approved', by: 'grace', via: 'button' } as const;
    const trust = { isTrusted: true, ground } as const;

    expect(read(ended('success', { trust, builds: [passing] }))).toMatchInlineSnapshot(`
      "completed success | 1 job passed

      Build succeeded.

      Trusted: grace approved this commit.

      | Job | Result | Time | Log |
      | --- | --- | --- | --- |
      | unit | ✅ passed | 3.5 s | [log](<https://ci.example/builds/bs-1.unit>) |"
    `);
  });

  it('says that no job applies', () => {
    const reasons = [
      { code: 'no-jobs', subject: 'check' },
      { code: 'job-branch-not-matched', subject: 'unit', seen: 'main', expected: 'unit' },
    ];

    expect(
      read(ended('skipped', { verdict: { outcome: 'skipped', reasons } })),
    ).toMatchInlineSnapshot(`
      "completed skipped | Skipped

      - No job of the pipeline check applies to this change.
      - Job unit does not run: it is not for the branch main."
    `);
  });

  it('says that the state could not be built', () => {
    const seen = 'the App lacks the permission "workflows"';
    const reasons = [{ code: 'state-not-built', subject: 'check', seen }];

    expect(
      read(ended('failure', { verdict: { outcome: 'failure', reasons } })),
    ).toMatchInlineSnapshot(`
      "completed failure | Failed [Run again]

      Build failed.

      - The state to test could not be built: the App lacks the permission "workflows"."
    `);
  });

  it('quotes its own id where it broke', () => {
    const reasons = [{ code: 'internal-error', subject: 'bs-1', seen: 'two plus two' }];

    expect(
      read(ended('internal-error', { verdict: { outcome: 'internal-error', reasons } })),
    ).toMatchInlineSnapshot(`
      "completed failure | Internal error [Run again]

      - Internal error. This run was stopped and kept as it was; quote bs-1 when you ask about it."
    `);
  });
});
