import { describe, expect, test } from 'vitest';
import type { AnnotationRecord } from '../state/types.ts';
import { checkView } from './check-view.ts';
import { conversationPage } from './conversation-view.ts';
import { filesView } from './files-view.ts';
import { overviewPage, pullsPage } from './lists-view.ts';
import { newPullPage } from './new-pull-view.ts';
import { testFrame, testPull, testRun } from './testing.ts';

const HOSTILE = '<img src=x onerror=alert(1)>"\'';
const sam = { login: 'sam', role: 'read', people: ['ada', 'sam'] } as const;
const approve = { label: 'Approve and run', description: 'Let it run', identifier: 'approve' };
const waiting = testRun({ conclusion: 'action_required', actions: [approve] });

describe('the conversation', () => {
  test('what strangers write is text, wherever it stands', () => {
    const pull = testPull(
      {
        title: HOSTILE,
        body: HOSTILE,
        head: HOSTILE,
        labels: [HOSTILE],
        commits: [{ sha: 'b', message: HOSTILE, author: HOSTILE, date: '2026-05-04T11:57:00Z' }],
        comments: [
          {
            id: 1,
            author: HOSTILE,
            body: HOSTILE,
            createdAt: '2026-05-04T11:59:00Z',
            reactions: {},
          },
        ],
        statuses: [
          { context: HOSTILE, state: 'x', description: HOSTILE, targetUrl: 'javascript:alert(1)' },
        ],
      },
      [testRun({ name: HOSTILE, title: HOSTILE, detailsUrl: 'javascript:alert(1)' })],
    );

    const page = conversationPage(testFrame(), pull, ['passing']).markup;

    expect(page).not.toContain('<img src=x');
    expect(page).not.toContain('javascript:');
    expect(page.match(/<script/g)).toHaveLength(1);
  });

  test('a check shows its name, its time, its title and the way to its page', () => {
    const page = conversationPage(testFrame(), testPull({}, [testRun()]), []).markup;

    expect(page).toContain('All checks have passed');
    expect(page).toContain('Successful in 4s');
    expect(page).toContain('3 jobs passed');
    expect(page).toContain('href="/acme/api/runs/11" aria-label="Details of gatehouse/check"');
  });

  test('a check that waits for a decision offers it right there', () => {
    const page = conversationPage(testFrame(), testPull({}, [waiting]), []).markup;

    expect(page).toContain('data-call="/_sim/press-check-action"');
    expect(page).toMatch(/data-input="[^"]*&#34;identifier&#34;:&#34;approve&#34;/);
    expect(page).toMatch(/<button class="button button-primary button-small" title="Let it run">/);
  });

  test('who may not press a button sees why', () => {
    const frame = testFrame({ viewer: sam });

    const page = conversationPage(frame, testPull({}, [waiting]), []).markup;

    expect(page).toMatch(/title="sam has no write access here[^"]*" disabled>Approve and run</);
    expect(page).toMatch(/title="sam has no write access here[^"]*" disabled>Merge pull request</);
  });

  test('comments, reviews and commits stand in the order of their time, then of their number', () => {
    const at = '2026-05-04T11:59:00Z';
    const pull = testPull({
      comments: [{ id: 3, author: 'ada', body: 'third', createdAt: at, reactions: {} }],
      reviews: [
        { id: 2, author: 'ada', state: 'APPROVED', body: 'second', commitId: 'b', submittedAt: at },
      ],
      commits: [{ sha: 'c', message: 'first', author: 'sam', date: '2026-05-04T11:57:00Z' }],
    });

    const page = conversationPage(testFrame(), pull, []).markup;

    const places = ['first', 'second', 'third'].map((word) => page.indexOf(word));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(page).toContain('approved these changes');
  });

  test.each([
    ['dirty', 'This branch has conflicts'],
    ['blocked', 'Merging is blocked'],
    ['unknown', 'Checking for the ability to merge'],
    ['clean', 'No conflicts with the base branch'],
  ])('the merge box of a %s pull request says so', (state, words) => {
    const mergeBox = { state, canMerge: state === 'clean', reasons: ['A review is missing.'] };

    const page = conversationPage(testFrame(), testPull({ mergeBox }), []).markup;

    expect(page).toContain(words);
    expect(page.includes('A review is missing.')).toBe(state === 'blocked');
  });

  test('a merged pull request says who merged it and offers no merge', () => {
    const pull = testPull({ state: 'merged', mergedBy: 'olga', mergeCommitSha: 'c'.repeat(40) });

    const page = conversationPage(testFrame(), pull, []).markup;

    expect(page).toContain(`href="/acme/api/commit/${'c'.repeat(40)}"`);
    expect(page).toContain('<strong>olga</strong> merged');
    expect(page).not.toContain('merge-pull-request');
    expect(page).not.toContain('close-pull-request');
  });

  test('every field has a label', () => {
    const page = conversationPage(testFrame(), testPull(), ['passing']).markup;

    const ids = [...page.matchAll(/<(?:input|select|textarea)[^>]* id="([^"]+)"/g)];
    expect(ids.length).toBeGreaterThan(4);
    for (const [, id] of ids) expect(page).toContain(`for="${id}"`);
  });
});

const FILE = {
  path: 'src/a.ts',
  status: 'modified',
  additions: 1,
  deletions: 1,
  patch: '@@ -1,2 +1,2 @@\n one\n-two\n+zwei',
};

function annotation(change: Partial<AnnotationRecord> = {}): AnnotationRecord {
  const { start_line, end_line } = { start_line: 2, end_line: 2 };
  const level = 'warning';
  return {
    path: FILE.path,
    start_line,
    end_line,
    annotation_level: level,
    message: 'odd',
    ...change,
  };
}

describe('annotations', () => {
  test('stand below the line that they speak of', () => {
    const run = testRun({ annotations: [annotation({ message: HOSTILE, title: 'Look' })] });

    const page = filesView(testPull({ files: [FILE] }, [run])).markup;

    expect(page.indexOf('zwei')).toBeLessThan(page.indexOf('remark-row'));
    expect(page).toContain('<strong>Look</strong>');
    expect(page).not.toContain('<img src=x');
  });

  test('of lines and files that the change leaves alone are shown all the same', () => {
    const annotations = [
      annotation({ start_line: 40, end_line: 41, message: 'far away' }),
      annotation({ path: 'other.ts', message: 'elsewhere' }),
    ];

    const page = filesView(testPull({ files: [FILE] }, [testRun({ annotations })])).markup;

    expect(page).toContain('Lines 40–41');
    expect(page).toContain('far away');
    expect(page).toContain('Annotations on files that this change leaves alone');
    expect(page).toContain('elsewhere');
  });

  test('of an older run are not shown on the files', () => {
    const runs = [testRun({ id: 12 }), testRun({ id: 11, annotations: [annotation()] })];

    expect(filesView(testPull({ files: [FILE] }, runs)).markup).not.toContain('remark');
  });
});

describe('the page of a check', () => {
  test('shows summary, text, annotations, buttons and the way to the App', () => {
    const run = testRun({
      summary: '| Job | Result |\n| --- | --- |\n| unit | passed |',
      text: '### Why these jobs',
      annotations: [annotation()],
      actions: [{ label: 'Run again', description: 'All jobs', identifier: 'rerun' }],
    });
    const pull = testPull({ files: [FILE] }, [run]);

    const page = checkView(testFrame(), { run, suites: pull.suites, pull }).markup;

    expect(page).toContain('<td>unit</td>');
    expect(page).toContain('<h3>Why these jobs</h3>');
    expect(page).toContain('1 annotation');
    expect(page).toContain('zwei');
    expect(page).toContain('>Run again</button>');
    expect(page).toContain('data-call="/_sim/rerun-check-run"');
    expect(page).toContain('href="http://localhost:8080/buildsets/1"');
  });

  test('an older run leads to the newest', () => {
    const old = testRun({ id: 10 });
    const pull = testPull({}, [testRun({ id: 12 }), old]);

    const page = checkView(testFrame(), { run: old, suites: pull.suites, pull }).markup;

    expect(page).toContain('<a href="/acme/api/runs/12">Show the newest</a>');
  });

  test('a check of a pushed commit needs no pull request', () => {
    const run = testRun({ annotations: [annotation()] });
    const { suites } = testPull({}, [run]);

    const page = checkView(testFrame(), { run, suites, pull: null }).markup;

    expect(page).toContain('odd');
  });
});

describe('lists', () => {
  const empty = { version: 1, url: '', apiUrl: '', users: [], apps: [], installations: [] };

  test('an empty simulator says how to fill it', () => {
    const nobody = { login: 'nobody', role: null, people: [] };
    const frame = testFrame({ repository: null, viewer: nobody });

    const page = overviewPage(frame, { ...empty, repositories: [] }).markup;

    expect(page).toContain('Nothing here yet');
    expect(page).not.toContain('Acting as');
  });

  test('open and closed pull requests stand apart', () => {
    const pullRequests = [
      testPull({ title: 'Still open' }),
      testPull({ number: 2, title: 'Gone', state: 'closed' }),
    ];
    const repo = { repository: 'acme/api', private: false, defaultBranch: 'main', forkOf: null };

    const open = pullsPage(testFrame(), { ...repo, pullRequests }, 'open').markup;
    const closed = pullsPage(testFrame(), { ...repo, pullRequests }, 'closed').markup;

    expect([open.includes('Still open'), open.includes('Gone')]).toEqual([true, false]);
    expect([closed.includes('Still open'), closed.includes('Gone')]).toEqual([false, true]);
  });

  test('who may not push proposes from a fork', () => {
    const page = newPullPage(testFrame({ viewer: sam }), ['passing']).markup;

    expect(page).toContain('name="fromFork" checked disabled');
    expect(page).toContain('sam may not push here');
  });
});
