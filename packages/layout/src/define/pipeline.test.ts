import { describe, expect, test } from 'vitest';
import type { PipelineDefinition } from '../layout.ts';
import { pipelinesFor } from '../resolve/names.ts';
import { api, load, problemsOf } from '../test-support.ts';

function pipeline(attributes: string): PipelineDefinition {
  const text = `- pipeline: {name: own, manager: independent, ${attributes}}\n`;
  const { layout, problems } = load(text);
  const found = pipelinesFor(layout, api).find(({ name }) => name === 'own');
  if (found === undefined) throw new Error(problems.map(({ message }) => message).join('; '));
  return found;
}

function problems(attributes: string): readonly string[] {
  return problemsOf(`- pipeline: {name: own, manager: independent, ${attributes}}\n`);
}

test('what is left out has its default', () => {
  expect(pipeline('trigger: {}')).toMatchObject({
    manager: 'independent',
    description: null,
    triggers: [],
    require: null,
    reject: null,
    reports: {},
    messages: {
      success: 'Build succeeded.',
      failure: 'Build failed.',
      start: 'Starting {pipeline.name} jobs.',
      dequeue: 'Build canceled.',
      footer: '',
    },
    supercedes: [],
    precedence: 'normal',
    isPostReview: false,
    isDequeuedOnNewHead: true,
    showsUnmet: false,
    annotationsMax: 500,
    progressIntervalMs: 10_000,
    window: {
      size: 20,
      floor: 3,
      ceiling: null,
      increase: { type: 'linear', factor: 1 },
      decrease: { type: 'exponential', factor: 2 },
    },
  });
});

test('a trigger has everything that it can match', () => {
  const { triggers } = pipeline(`trigger: {github: [{event: pull_request, action: [opened, changed],
    branch: [main, {regex: ^x, negate: true}], permission: write, sender: bot,
    require: {label: ok}, reject: {draft: yes}}]}`);

  expect(triggers).toEqual([
    {
      event: 'pull_request',
      actions: ['opened', 'changed'],
      branches: [
        { source: 'main', isNegated: false },
        { source: '^x', isNegated: true },
      ],
      comments: [],
      labels: [],
      states: [],
      checks: [],
      statuses: [],
      refs: [],
      senders: [{ source: 'bot', isNegated: false }],
      permission: 'write',
      require: expect.objectContaining({ labels: ['ok'] }),
      reject: expect.objectContaining({ isDraft: true }),
    },
  ]);
});

describe('triggers', () => {
  test.each([
    ['one map stands for a list of one', '{github: {event: push}}', 1],
    ['github.com is GitHub', '{github.com: [{event: push}]}', 1],
    ['another connection has no filters', '{gerrit: [{event: patchset-created}]}', 0],
  ])('%s', (_, trigger, count) => {
    expect(pipeline(`trigger: ${trigger}`).triggers).toHaveLength(count);
  });

  test('settings can name further connections that are GitHub', () => {
    const text = `- pipeline: {name: own, manager: independent, trigger: {enterprise: [{event: push}]}}`;

    const { layout, problems: found } = load(text, { githubConnections: ['enterprise'] });

    expect(found).toEqual([]);
    expect(pipelinesFor(layout, api).at(-1)?.triggers).toHaveLength(1);
  });

  test('a list of events is an old form and becomes one filter for each', () => {
    const attributes = 'trigger: {github: [{event: [push, check_run]}]}';

    expect(pipeline(attributes).triggers.map(({ event }) => event)).toEqual(['push', 'check_run']);
    expect(problems(attributes)).toEqual([
      'warning deprecated 1:67 `event: [list]` is an old form',
    ]);
  });

  test('the old action `requested` of a check run is `rerequested`', () => {
    const attributes = 'trigger: {github: [{event: check_run, action: requested}]}';

    expect(pipeline(attributes).triggers[0]?.actions).toEqual(['rerequested']);
    expect(problems(attributes)).toHaveLength(1);
  });

  test.each([
    ['an unknown event', '{event: pull-request}', 'error not-allowed'],
    ['an event left out', '{action: opened}', 'error missing-key'],
    ['an unknown attribute', '{event: push, reff: x}', 'error unknown-key'],
    ['an action that the event has not', '{event: push, action: opened}', 'warning does-not-fit'],
    ['an unknown action', '{event: pull_request, action: open}', 'warning never-matches'],
    [
      'a state of the wrong name',
      '{event: pull_request_review, state: request_changes}',
      'warning never-matches',
    ],
    ['an attribute of another event', '{event: push, branch: main}', 'warning does-not-fit'],
    ['an expression with a mistake', "{event: push, ref: '('}", 'error bad-pattern'],
    ['an expression with look-around', "{event: push, ref: 'a(?=b)'}", 'warning look-around'],
    ['an old attribute', '{event: pull_request, unlabel: x}', 'warning no-effect'],
    ['a level of permission that is none', '{event: push, permission: all}', 'error not-allowed'],
    ['a text where a map belongs', 'push', 'error wrong-type'],
  ])('%s is told', (_, entry, expected) => {
    const found = problems(`trigger: {github: [${entry}]}`);

    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${expected} 1:\\d+ `));
  });

  test.each([
    ['timer', 'no-effect-yet', "[{time: '0 6 * * *'}, {time: '0 7 * * 1'}]"],
    ['zuul', 'no-effect-yet', '[{event: project-change-merged}]'],
    ['gerrit', 'other-connection', '[{time: x}, {any: thing}]'],
  ])('a %s trigger loads with one warning', (connection, code, entries) => {
    const found = problems(`trigger: {${connection}: ${entries}}`);

    expect(found).toEqual([expect.stringMatching(`^warning ${code} 1:57 `)]);
  });
});

describe('requirements', () => {
  test('have everything that they can ask for', () => {
    const { require } = pipeline(`trigger: {}, require: {github: {open: yes, merged: no,
      draft: false, current-patchset: true, trusted-author: true, label: a, status: [x, y],
      review: {type: approved, permission: write, username: derp, newer-than: 2d}}}`);

    expect(require).toEqual({
      isOpen: true,
      isMerged: false,
      isDraft: false,
      isCurrentHead: true,
      hasTrustedAuthor: true,
      labels: ['a'],
      statuses: [
        { source: 'x', isNegated: false },
        { source: 'y', isNegated: false },
      ],
      reviews: [
        {
          type: 'approved',
          permission: 'write',
          username: { source: 'derp', isNegated: false },
          email: null,
          newerThanMs: 172_800_000,
          olderThanMs: null,
        },
      ],
    });
  });

  test.each([
    ['an unknown attribute', 'github: {opne: true}', 'error unknown-key'],
    ['a wrong type', 'github: {open: 1}', 'error wrong-type'],
    ['a list of review types', 'github: {review: [{type: [approved]}]}', 'error not-allowed'],
    ['an unknown review type', 'github: {review: {type: aproved}}', 'error not-allowed'],
    ['an age without a unit', "github: {review: {newer-than: '3'}}", 'error malformed'],
    ['another connection', 'gerrit: {open: true}', 'warning other-connection'],
  ])('%s is told', (_, requirement, expected) => {
    const [first] = problems(`trigger: {}, require: {${requirement}}`).filter(
      (found) => !found.includes('no-effect-yet'),
    );

    expect(first).toMatch(new RegExp(`^${expected} 1:\\d+ `));
  });
});

describe('reporters', () => {
  test.each([
    ['a comment alone by default', '{}', { check: null, comment: true }],
    ['nothing written below it', '', { check: null, comment: true }],
    ['no comment beside a check', '{check: success}', { check: 'success', comment: false }],
    ['no comment beside a status', '{status: success}', { status: 'success', comment: false }],
    ['a comment where it says so', '{check: success, comment: yes}', { comment: true }],
    ['a new comment each time', '{comment: new}', { comment: 'new' }],
    ['a merge', '{merge: yes}', { isMerging: true }],
    ['labels', '{label: a, unlabel: [b, c]}', { labelsAdded: ['a'], labelsRemoved: ['b', 'c'] }],
  ])('write %s', (_, reporter, expected) => {
    const { reports } = pipeline(`trigger: {}, success: {github: ${reporter}}`);

    expect(reports.success).toMatchObject(expected);
  });

  test('a check can have up to three buttons', () => {
    const button = '{label: Again, description: Run it again, identifier: rerun}';
    const check = (buttons: readonly string[]) =>
      `trigger: {}, failure: {github: {check: {conclusion: failure, actions: [${buttons}]}}}`;

    expect(pipeline(check([button])).reports.failure).toMatchObject({
      check: 'failure',
      checkActions: [{ label: 'Again', description: 'Run it again', identifier: 'rerun' }],
    });
    expect(problems(check([button, button, button, button]))).toHaveLength(1);
    expect(problems(check([button.replace('rerun', 'enqueue:nightly')]))).toEqual([]);
    expect(problems(check([button.replace('rerun', 'reboot')]))).toHaveLength(1);
  });

  test('merge-failure is the old name of merge-conflict', () => {
    const attributes = 'trigger: {}, merge-failure: {github: {comment: true}}';

    expect(Object.keys(pipeline(attributes).reports)).toEqual(['merge-conflict']);
    expect(problems(attributes)).toHaveLength(1);
  });

  test.each([
    ['an unknown value', 'success: {github: {check: succes}}', 'error not-allowed'],
    ['an unknown attribute', 'success: {github: {chek: success}}', 'error unknown-key'],
    ['an unknown phase', 'sucess: {github: {}}', 'error unknown-key'],
    ['another connection', 'success: {smtp: {to: x}}', 'warning other-connection'],
    ['another connection with nothing', 'success: {sql: null}', 'warning other-connection'],
    ['an old attribute', 'start: {github: {status-url: x}}', 'warning no-effect'],
  ])('%s is told', (_, attributes, expected) => {
    const [first, ...others] = problems(`trigger: {}, ${attributes}`);

    expect(first).toMatch(new RegExp(`^${expected} 1:\\d+ `));
    expect(others).toEqual([]);
  });
});

describe('the window', () => {
  test.each([
    ['is as given', 'window: 5', { size: 5, floor: 3 }],
    ['is unlimited at 0', 'window: 0', { size: 0, floor: 3 }],
    ['rises to its floor', 'window-floor: 30', { size: 30, floor: 30 }],
    ['stays below its ceiling', 'window-ceiling: 10', { size: 10, ceiling: 10 }],
    ['has a floor no higher than itself', 'window: 1', { size: 1, floor: 1 }],
  ])('%s', (_, attributes, expected) => {
    expect(pipeline(`trigger: {}, ${attributes}`).window).toMatchObject(expected);
  });

  test.each([
    ['a ceiling below the floor', 'window-ceiling: 2', 'error window-below-floor'],
    ['a window below its floor', 'window: 2, window-floor: 5', 'error window-below-floor'],
    ['a negative window', 'window: -1', 'error out-of-range'],
    ['a floor of nothing', 'window-floor: 0', 'error out-of-range'],
    ['a fraction', 'window: 2.5', 'error wrong-type'],
  ])('%s is an error', (_, attributes, expected) => {
    const found = problems(`trigger: {}, ${attributes}`);

    expect(found).toEqual([expect.stringMatching(`^${expected} 1:\\d+ `)]);
  });
});

test('a manager that is not run yet loads with a warning', () => {
  const text = '- pipeline: {name: own, manager: serial, trigger: {}}';

  expect(problemsOf(text)).toEqual([
    'warning no-effect-yet 1:34 `manager: serial` is accepted, no effect yet',
  ]);
});

test('all faults of a pipeline are told at once', () => {
  const found = problemsOf(
    `- pipeline:
    nmae: own
    manager: independant
    trigger:
      github:
        - {event: pull_request, action: 3, foo: 1}
        - {event: nothing, branch: '('}
    require: {github: {open: maybe}}
    success: {github: {check: succes, merge: 1}}
`,
  );

  expect(found.map((problem) => problem.split(' ').slice(1, 3).join(' '))).toEqual([
    'missing-key 2:5',
    'unknown-key 2:5',
    'not-allowed 3:14',
    'wrong-type 6:41',
    'unknown-key 6:44',
    'not-allowed 7:19',
    'bad-pattern 7:36',
    'wrong-type 8:30',
    'not-allowed 9:31',
    'wrong-type 9:46',
  ]);
});
