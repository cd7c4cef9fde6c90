import { expect, test } from 'vitest';
import { readResultBody, readStartedBody } from './callbacks.ts';

/** What comes over the wire is JSON, so every body goes through it. */
function wire(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body));
}

function reasonsOf(body: unknown): readonly string[] {
  const reading = readResultBody(wire(body));
  return reading.ok ? [] : reading.reasons;
}

const comment = {
  line: 3,
  message: 'unused',
  level: 'warning',
  range: { start_line: 3, start_character: 0, end_line: 3, end_character: 8 },
};

test('the result of the contract is read', () => {
  const data = {
    zuul: {
      log_url: 'https://ci.example.com/inner',
      file_comments: { 'src/a.ts': [comment] },
      child_jobs: [],
      artifacts: [{ name: 'site', url: 'https://ci.example.com/site', metadata: { type: 'x' } }],
      warnings: ['slow'],
    },
    image: 'registry/x@sha256:1',
  };

  const reading = readResultBody(
    wire({ result: 'SUCCESS', log_url: 'https://ci.example.com/1', data }),
  );

  expect(reading).toEqual({
    ok: true,
    result: { result: 'SUCCESS', logUrl: 'https://ci.example.com/1', data },
    dropped: [],
  });
});

test('a bare result is enough', () => {
  const reading = readResultBody(wire({ result: 'RETRY' }));

  expect(reading).toEqual({
    ok: true,
    result: { result: 'RETRY', logUrl: null, data: {} },
    dropped: [],
  });
});

test('without a link beside it, the link inside the data counts', () => {
  const reading = readResultBody(
    wire({ result: 'FAILURE', data: { zuul: { log_url: 'https://ci.example.com/inner' } } }),
  );

  expect(reading).toMatchObject({ result: { logUrl: 'https://ci.example.com/inner' } });
});

test.each([
  [null, 'body: must be a JSON object'],
  ['SUCCESS', 'body: must be a JSON object'],
  [[], 'body: must be a JSON object'],
  [{}, 'body.result: must be one of SUCCESS, FAILURE, TIMED_OUT, ERROR, RETRY, SKIPPED, CANCELED'],
  [{ result: 'success' }, 'body.result: must be one of SUCCESS'],
  [{ result: 'NODE_FAILURE' }, 'body.result: must be one of SUCCESS'],
  [{ result: 'SUCCESS', data: [] }, 'body.data: must be an object'],
  [{ result: 'SUCCESS', data: 'x' }, 'body.data: must be an object'],
  [{ result: 'SUCCESS', log_url: 7 }, 'body.log_url: must be a URL'],
  [{ result: 'SUCCESS', log_url: 'javascript:alert(1)' }, 'body.log_url: must be an absolute http'],
  [{ result: 'SUCCESS', reslut: 1 }, 'body has unknown keys: reslut'],
])('%j is refused: %s', (body, reason) => {
  const reasons = reasonsOf(body);

  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toContain(reason);
});

test('all reasons come at once', () => {
  expect(reasonsOf({ result: 'NO', log_url: 'no', data: 1 })).toHaveLength(3);
});

test('bad file comments are dropped one by one and listed, the good ones stay', () => {
  const reading = readResultBody(
    wire({
      result: 'FAILURE',
      data: {
        zuul: {
          file_comments: {
            'src/a.ts': [
              comment,
              { line: 'three', message: 'x' },
              { line: 3 },
              { line: 3, message: 'x', level: 'loud' },
              { line: 3, message: 'x', range: { start_line: 1 } },
              7,
            ],
            'src/b.ts': 'none',
            'src/c.ts': [{ message: 'about the file' }],
          },
        },
      },
    }),
  );

  expect(reading).toMatchObject({
    ok: true,
    result: {
      data: {
        zuul: {
          file_comments: { 'src/a.ts': [comment], 'src/c.ts': [{ message: 'about the file' }] },
        },
      },
    },
  });
  expect(
    reading.ok ? reading.dropped.map(({ where, reason }) => `${where} ${reason}`) : [],
  ).toMatchInlineSnapshot(`
    [
      "body.data.zuul.file_comments["src/a.ts"][1] line: must be a number",
      "body.data.zuul.file_comments["src/a.ts"][2] message: must be text",
      "body.data.zuul.file_comments["src/a.ts"][3] level: must be info, warning or error",
      "body.data.zuul.file_comments["src/a.ts"][4] range.start_character: must be a number",
      "body.data.zuul.file_comments["src/a.ts"][5] must be an object",
      "body.data.zuul.file_comments["src/b.ts"] is no list of comments",
    ]
  `);
});

test.each([
  [{ zuul: 'x' }, 'body.data.zuul'],
  [{ zuul: { file_comments: [] } }, 'body.data.zuul.file_comments'],
  [{ zuul: { log_url: 'javascript:alert(1)' } }, 'body.data.zuul.log_url'],
  [{ zuul: { child_jobs: [1] } }, 'body.data.zuul.child_jobs[0]'],
  [{ zuul: { warnings: 'hot' } }, 'body.data.zuul.warnings'],
  [{ zuul: { artifacts: [{ name: 'x', url: 'data:,x' }] } }, 'body.data.zuul.artifacts[0]'],
])('%j in the data never fails a callback', (data, where) => {
  const reading = readResultBody(wire({ result: 'SUCCESS', data }));

  expect(reading).toMatchObject({ ok: true, dropped: [{ where }] });
});

test('unknown keys below zuul are kept: they are the runner’s', () => {
  const reading = readResultBody(wire({ result: 'SUCCESS', data: { zuul: { pause: true } } }));

  expect(reading).toMatchObject({ result: { data: { zuul: { pause: true } } }, dropped: [] });
});

test('ten thousand bad comments are listed as a hundred and a count', () => {
  const bad = Array.from({ length: 10_000 }, () => 0);

  const reading = readResultBody(
    wire({ result: 'SUCCESS', data: { zuul: { file_comments: { a: bad } } } }),
  );

  expect(reading.ok ? reading.dropped : []).toHaveLength(101);
  expect(reading.ok ? reading.dropped.at(-1)?.reason : '').toBe('9900 more were left out');
});

test('data over its limit is refused with both sizes', () => {
  const reasons = reasonsOf({ result: 'SUCCESS', data: { text: 'ü'.repeat(600_000) } });

  expect(reasons).toEqual(['body.data takes 1200011 bytes; at most 1048576 are kept']);
});

test('data that is nested without end is refused', () => {
  const body: unknown = JSON.parse(
    `{"result":"SUCCESS","data":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`,
  );

  const reading = readResultBody(body);

  expect(reading).toEqual({
    ok: false,
    reasons: ['body.data is nested deeper than 64 levels'],
  });
});

test('a start may come without a body, with a link, and with nothing else', () => {
  expect(readStartedBody(undefined)).toEqual({ ok: true, value: { logUrl: null } });
  expect(readStartedBody({})).toEqual({ ok: true, value: { logUrl: null } });
  expect(readStartedBody({ log_url: 'http://ci/1' })).toEqual({
    ok: true,
    value: { logUrl: 'http://ci/1' },
  });
  expect(readStartedBody({ url: 'http://ci/1' })).toEqual({
    ok: false,
    reasons: ['body has unknown keys: url'],
  });
});
