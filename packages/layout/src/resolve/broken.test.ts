import { describe, expect, test } from 'vitest';
import { api, freeze, line, load, ownerSource, source } from '../test-support.ts';
import { loadLayout } from './load.ts';
import { pipelinesFor } from './names.ts';

const pipeline = (name: string, more = '') =>
  `- pipeline: {name: ${name}, manager: independent, trigger: {}${more}}\n`;
const job = (name: string, more = 'run: x') => `- job: {name: ${name}, ${more}}\n`;

describe('a broken definition has no stand-in', () => {
  test("a broken job is not replaced by the owner's job of the same name", () => {
    const result = freeze([
      ownerSource(job('unit')),
      source(`${job('unit', 'rnu: x')}- project: {check: {jobs: [unit]}}\n`),
    ]);

    expect(result.jobs).toEqual([]);
    expect(result.problems.map(line)).toEqual([
      'error broken-definition 2:28 the job `unit` is defined with an error at acme/api .gatehouse.yaml:1',
    ]);
  });

  test('a broken pipeline is not replaced by the built-in one', () => {
    const { layout } = load('- pipeline: {name: gate, manager: dependent, trigger: {}, oops: 1}\n');

    expect(pipelinesFor(layout, api).map(({ name }) => name)).toEqual(['check', 'post']);
  });

  test("a broken pipeline of a repository does not touch the owner's", () => {
    const { layout } = loadLayout([
      ownerSource(pipeline('gate')),
      source('- pipeline: {name: gate}\n'),
    ]);

    expect(pipelinesFor(layout, api).map(({ name }) => name)).toContain('gate');
  });

  test('beside a broken stanza the others do not run alone', () => {
    const result = freeze([
      ownerSource('- project: {name: acme/api, check: {jobs: [noop]}}\n'),
      source('- project: {check: {jobs: [3]}}\n'),
    ]);

    expect(result.jobs).toEqual([]);
    expect(result.problems).toMatchObject([{ code: 'broken-definition', repository: api }]);
  });
});

describe('what a repository writes about another one', () => {
  const other = (text: string) => source(text, { repository: 'acme/web' });
  const own = source('- project: {check: {jobs: [noop]}}\n');

  test.each([
    ['an expression for all', '- project: {name: ^.*$, check: {jobs: [noop]}}\n'],
    ['its name', '- project: {name: acme/api, check: {jobs: [3]}}\n'],
    ['a file that cannot be read', '- project: [\n'],
  ])('does not touch its runs, faulty as it is: %s', (_, text) => {
    const result = freeze([own, other(text)]);

    expect(result.problems).toEqual([]);
    expect(result.jobs.map(({ name }) => name)).toEqual(['noop']);
  });
});

describe('a file that cannot be read might have defined anything', () => {
  const unreadable = { path: '.gatehouse.d/a.yaml', text: '- job: [\n' };

  test('so nothing runs for its repository', () => {
    const stanza = { path: '.gatehouse.d/b.yaml', text: '- project: {check: {jobs: [noop]}}\n' };

    const result = freeze([source('', { files: [unreadable, stanza] })]);

    expect(result.jobs).toEqual([]);
    expect(result.problems.map(line)).toEqual([
      'error broken-definition 1:1 the file `.gatehouse.d/a.yaml` cannot be read, so that what it defines is unknown',
    ]);
  });

  test("and of the owner's, no built-in pipeline stands in for one that merges", () => {
    const { layout } = loadLayout([ownerSource('', { files: [unreadable] }), source('')]);

    expect(pipelinesFor(layout, api).map(({ name }) => name)).toEqual(['check']);
  });
});
