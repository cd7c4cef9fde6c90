import { describe, expect, test } from 'vitest';
import { api, configuration, line, ownerSource, source } from '../test-support.ts';
import { loadLayout } from './load.ts';
import { pipelinesFor } from './names.ts';

const pipeline = (name: string, more = '') =>
  `- pipeline: {name: ${name}, manager: independent, trigger: {}${more}}\n`;
const job = (name: string, more = 'run: x') => `- job: {name: ${name}, ${more}}\n`;

describe('what a proposed change brings', () => {
  const base = source(
    `${pipeline('own')}${job('unit')}- project: {queue: main, own: {jobs: [unit]}}\n- queue: {name: main}\n`,
  );
  const proposed = (text: string) => source(text, { isProposed: true });

  test('its jobs and stanzas take the place of those on the branch', () => {
    const { layout } = loadLayout([
      base,
      proposed(`${job('lint')}- project: {own: {jobs: [lint]}}\n`),
    ]);

    expect(layout.jobs.map(({ name }) => name)).toEqual(['lint']);
    expect(layout.projects).toHaveLength(1);
  });

  test('it may stand before or after what it changes', () => {
    const change = proposed(`${job('lint')}- project: {own: {jobs: [lint]}}\n`);

    const { layout } = loadLayout([change, base]);

    expect(layout.jobs.map(({ name }) => name)).toEqual(['lint']);
    expect(pipelinesFor(layout, api).map(({ name }) => name)).toContain('own');
  });

  test('its pipelines, queues and merge modes do not', () => {
    const { layout, problems } = loadLayout([
      base,
      proposed(
        `${pipeline('own', ', post-review: true')}${pipeline('new')}- queue: {name: main, per-branch: true}
${job('unit')}- project: {queue: other, merge-mode: rebase, own: {jobs: [unit]}}\n`,
      ),
    ]);

    expect(problems.filter(({ level }) => level === 'error')).toEqual([]);
    expect(layout.projects).toMatchObject([{ queue: 'main', mergeMode: null }]);
    expect(layout.queues).toMatchObject([{ isPerBranch: false }]);
    expect(pipelinesFor(layout, api).map(({ name }) => name)).not.toContain('new');
    expect(pipelinesFor(layout, api).at(-1)?.isPostReview).toBe(false);
  });

  test('a pipeline may be defined and used by the same change, and runs once it is merged', () => {
    const { problems } = loadLayout([
      base,
      proposed(
        `${pipeline('new')}${job('unit')}- project: {own: {jobs: [unit]}, new: {jobs: [unit]}, nwe: {jobs: [unit]}}\n`,
      ),
    ]);

    expect(problems.map(line)).toEqual([
      'warning no-effect 3:34 the pipeline `new` runs nothing yet: it exists once this change is merged',
      'error undefined-pipeline 3:55 no pipeline is named `nwe`',
    ]);
  });

  test('but they are validated', () => {
    const { problems } = loadLayout([
      base,
      proposed('- pipeline: {name: own, manager: no-such}\n'),
    ]);

    expect(problems.map(({ code }) => code)).toContain('not-allowed');
  });

  test("a change to the owner's configuration is validated and not used", () => {
    const { layout, problems } = loadLayout([
      ownerSource(job('unit')),
      ownerSource(`${job('unit', 'run: evil')}${job('new', 'rnu: x')}`, { isProposed: true }),
    ]);

    expect(layout.jobs).toMatchObject([{ name: 'unit', attributes: { run: ['x'] } }]);
    expect(problems.map(({ code }) => code)).toEqual(['unknown-key']);
  });

  test("the owner's repository as the one that a change is about is not read twice", () => {
    const text = `${job('base', 'parent: null, pre-run: p')}${job('unit')}${pipeline('own')}`;

    const { layout, problems } = loadLayout([
      ownerSource(text, { branch: null }),
      ownerSource(text, { role: 'repository' }),
    ]);

    expect(problems).toEqual([]);
    expect(layout.jobs.map(({ name }) => name)).toEqual(['base', 'unit']);
    expect(pipelinesFor(layout, configuration)).toHaveLength(4);
  });

  test('it does not turn its branch into one of several', () => {
    const { layout } = loadLayout([base, proposed(job('unit'))]);

    expect(layout.jobs[0]?.impliedBranches).toBeNull();
  });
});
