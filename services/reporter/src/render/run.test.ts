import type { ConfigurationProblem } from '@gatehouse/model';
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
import { ended, publicUrl, read, shown } from '../testing/shown.ts';
import { renderRun } from './run.ts';

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

  it('of another branch are not marked on lines of the change', () => {
    const { annotations } = shown(broken([{ ...problem, branch: 'stable' }]));

    expect(annotations).toEqual([]);
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
