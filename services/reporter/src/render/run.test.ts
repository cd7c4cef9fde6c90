import type { PipelineDefinition } from '@gatehouse/layout';
import type { ConfigurationProblem } from '@gatehouse/model';
import type { Item, Outcome } from '@gatehouse/pipeline';
import {
  aBuild,
  aChange,
  aJob,
  anItem,
  aPipeline,
  aReport,
  shownRuns,
} from '@gatehouse/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { renderRun } from './run.ts';

const publicUrl = 'https://ci.example';

function shown(different: Partial<Item>, pipeline: Partial<PipelineDefinition> = {}) {
  const run = renderRun(
    anItem({ pipeline: aPipeline({ reports: shownRuns, ...pipeline }), ...different }),
    publicUrl,
  );
  if (run === null) throw new Error('the pipeline shows no run');
  return run;
}

/** What a person reads, as they read it. */
function read(different: Partial<Item>, pipeline: Partial<PipelineDefinition> = {}): string {
  const { status, conclusion, title, summary, text, actions } = shown(different, pipeline);
  const buttons = actions.map((action) => `[${action.label}]`).join(' ');
  const parts = [`${status} ${conclusion ?? ''} | ${title} ${buttons}`.trim(), summary];
  return [...parts, ...(text === null ? [] : [text])].join('\n\n');
}

function ended(outcome: Outcome, different: Partial<Item> = {}): Partial<Item> {
  const verdict = { outcome, reasons: [], ...different.verdict };
  return { phase: 'completed', startedAt: 2_000, completedAt: 9_000, ...different, verdict };
}

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

describe('configuration errors', () => {
  const problem: ConfigurationProblem = {
    level: 'error',
    code: 'unknown-key',
    message: 'a job has no attribute "rnu"',
    remedy: 'Did you mean "run"?',
    repository: 'acme/api',
    branch: 'main',
    path: '.gatehouse.yaml',
    range: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 8 },
  };
  const reasons = [{ code: 'configuration-error', subject: problem.path, seen: problem.message }];
  const broken = (problems: readonly ConfigurationProblem[]) =>
    ended('misconfigured', { problems, verdict: { outcome: 'misconfigured', reasons } });

  it('fail the run and stand on the lines that cause them', () => {
    expect(read(broken([problem]))).toMatchInlineSnapshot(`
      "completed failure | Configuration error

      - .gatehouse.yaml: a job has no attribute "rnu""
    `);
    expect(shown(broken([problem])).annotations).toMatchInlineSnapshot(`
      [
        {
          "endColumn": 7,
          "endLine": 3,
          "level": "failure",
          "message": "a job has no attribute "rnu"
      Did you mean "run"?",
          "path": ".gatehouse.yaml",
          "startColumn": 5,
          "startLine": 3,
          "title": null,
        },
      ]
    `);
  });

  it('have no columns over several lines, and line 1 when the whole file is meant', () => {
    const range = { startLine: 3, startColumn: 5, endLine: 7, endColumn: 2 };

    const { annotations } = shown(
      broken([
        { ...problem, range },
        { ...problem, range: null },
      ]),
    );

    expect(annotations).toMatchObject([
      { startLine: 3, endLine: 7, startColumn: null, endColumn: null },
      { startLine: 1, endLine: 1, startColumn: null, endColumn: null },
    ]);
  });

  it('are marked as warnings where they do not fail the run', () => {
    const { annotations } = shown(broken([{ ...problem, level: 'warning', remedy: null }]));

    expect(annotations).toMatchObject([{ level: 'warning', message: problem.message }]);
  });

  it('of another repository are not marked on lines of this one', () => {
    expect(shown(broken([{ ...problem, repository: 'acme/.gatehouse' }])).annotations).toEqual([]);
  });

  it('are marked up to the number the pipeline allows, each within what GitHub takes', () => {
    const long = { ...problem, message: 'ß'.repeat(50_000) };

    const { annotations } = shown(broken([long, problem, problem]), { annotationsMax: 2 });

    expect(annotations).toHaveLength(2);
    expect(Buffer.byteLength(annotations[0]?.message ?? '')).toBe(64 * 1024);
  });
});

describe('the frame of a run', () => {
  it('is named after the pipeline, stands on the head and leads to the details', () => {
    expect(shown({})).toMatchObject({
      name: 'gatehouse/check',
      headSha: aChange().headSha,
      buildset: 'bs-1',
      detailsUrl: 'https://ci.example/buildsets/bs-1',
      startedAt: 1_000,
      completedAt: null,
    });
  });

  it('is not there for a pipeline that reports no check', () => {
    const pipeline = aPipeline({ reports: { success: aReport({ status: 'success' }) } });

    expect(renderRun(anItem({ pipeline }), publicUrl)).toBeNull();
  });

  it('is there from the start when only the end reports a check', () => {
    const reports = { success: aReport({ check: 'success' }) };

    expect(shown({}, { reports }).status).toBe('queued');
  });

  it('has texts within what GitHub takes, cut at the end of a line', () => {
    const builds = Array.from({ length: 4_000 }, (_, index) =>
      aBuild(`job-${index}`, { detail: `✂${'x'.repeat(40)}` }),
    );
    const selection = builds.map(({ job }) => ({ code: 'job-runs', subject: job.name }));

    const { summary, text } = shown({ ...ended('success', { builds }), selection });

    for (const shownText of [summary, text ?? '']) {
      expect(Buffer.byteLength(shownText)).toBeLessThanOrEqual(65_535);
      expect(Buffer.byteLength(shownText)).toBeGreaterThan(50_000);
      expect(shownText.split('\n').at(-1)).toMatchInlineSnapshot(
        `"_The rest is left out here; the details page has all of it._"`,
      );
    }
    expect(summary.split('\n').at(-3)).toMatch(/\|$/);
  });

  it('has at most three buttons, each as short as GitHub wants it', () => {
    const four = ['a', 'b', 'c', 'd'].map((identifier) => ({
      label: identifier,
      description: identifier,
      identifier,
    }));
    const reports = { ...shownRuns, start: aReport({ check: 'in_progress', checkActions: four }) };
    const all = [
      shown({}, { reports }),
      shown({}),
      shown(ended('failure')),
      shown(ended('action-required')),
    ].flatMap(({ actions }) => actions);

    expect(shown({}, { reports }).actions).toEqual(four.slice(0, 3));
    for (const { label, description, identifier } of all) {
      expect(label.length).toBeLessThanOrEqual(20);
      expect(description.length).toBeLessThanOrEqual(40);
      expect(identifier.length).toBeLessThanOrEqual(20);
    }
  });
});

describe('what strangers wrote', () => {
  it('is shown as text: no mark-up, no mention, no break-out of the table', () => {
    const name = '**a** | <img src=x> [x](http://e.example) @org/team `c` _d_ ~e~';
    const detail = 'line 1\n| line 2 |\n# line 3\u202Edesrever\u0000';
    const build = aBuild('x', { job: aJob(name), result: 'FAILURE', detail });

    expect(shown(ended('failure', { builds: [build] })).summary).toMatchInlineSnapshot(`
      "Build failed.

      | Job | Result | Time | Log |
      | --- | --- | --- | --- |
      | &#42;&#42;a&#42;&#42; &#124; &#60;img src=x&#62; &#91;x&#93;(http://e.example) @​org/team &#96;c&#96; &#95;d&#95; &#126;e&#126; | ❌ failed: line 1 &#124; line 2 &#124; # line 3 desrever | 3.5 s | [log](<https://ci.example/builds/bs-1.x>) |"
    `);
  });

  it('does not become a link unless it is a web address', () => {
    const log = (logUrl: string) =>
      shown(ended('success', { builds: [aBuild('a', { logUrl })] }))
        .summary.split('|')
        .at(-2);

    expect(log('javascript:alert(1)')).toBe(' log ');
    expect(log('https://e.example/a>b|c?q=`&d=%2F#e f')).toMatchInlineSnapshot(
      `" [log](<https://e.example/a%3Eb%7Cc?q=%60&d=%2F#e%20f>) "`,
    );
  });
});
