import { describe, expect, test } from 'vitest';
import { configuration, freeze, line, ownerSource, source } from '../test-support.ts';
import { loadLayout } from './load.ts';
import { takesPart } from './stanzas.ts';

const job = '- job: {name: unit, run: x}\n';
const jobs = 'check: {jobs: [unit]}';

describe('what cannot be decided without look-around is an error of the run that needs it', () => {
  test.each([
    ['the branches of a stanza', `- project: {branches: 'ma(?=in)', ${jobs}}\n`],
    ['the branches of a use', "- project: {check: {jobs: [unit: {branches: 'ma(?=in)'}]}}\n"],
    [
      'the branches of a job',
      `- job: {name: unit, run: y, branches: 'ma(?=in)'}\n- project: {${jobs}}\n`,
    ],
  ])('%s', (_, text) => {
    const { jobs: frozen, problems } = freeze([source(`${job}${text}`)]);

    expect(frozen).toEqual([]);
    expect(problems.map(line)).toEqual([expect.stringContaining('error look-around')]);
  });

  test('the branches that a pragma implies', () => {
    const file = `- pragma: {implied-branches: 'ma(?=in)'}\n${job}- project: {${jobs}}\n`;

    const { problems } = freeze([source(file), source('', { branch: 'next' })]);

    expect(problems.map(line)).toEqual([expect.stringContaining('error look-around')]);
  });

  test('the branches that a pragma implies for a template', () => {
    const file = `- pragma: {implied-branches: 'ma(?=in)'}\n- project-template: {name: t, ${jobs}}
- job: {name: unit, run: x, branches: .*}\n- project: {templates: [t]}\n`;

    const { problems } = freeze([source(file), source('', { branch: 'next' })]);

    expect(problems.map(line)).toEqual([expect.stringContaining('error look-around')]);
  });

  test('the name of a stanza', () => {
    const owner = ownerSource(`- project: {name: '^acme/a(?=pi)', ${jobs}}\n`);

    const { problems } = freeze([owner, source(`${job}- project: {${jobs}}\n`)]);

    expect(problems.map(line)).toEqual([expect.stringContaining('error look-around')]);
    expect(problems[0]?.repository).toBe(configuration);
  });

  test('such a stanza makes every repository take part, so that somebody is told', () => {
    const { layout } = loadLayout([ownerSource(`- project: {name: '^acme/a(?=pi)', ${jobs}}\n`)]);

    expect([takesPart(layout, 'acme/x', 'check'), takesPart(layout, 'acme/x', 'gate')]).toEqual([
      true,
      false,
    ]);
  });
});

describe('what can be decided without it is', () => {
  test.each([
    [
      'another pattern of the stanza matches',
      `- project: {name: acme/api, branches: ['ma(?=in)', main], ${jobs}}\n`,
    ],
    [
      'the stanza is for another repository',
      `- project: {name: acme/web, branches: 'a(?=b)', ${jobs}}\n- project: {name: acme/api, ${jobs}}\n`,
    ],
    [
      'a refusal at the start is understood',
      `- project: {name: acme/api, branches: '^(?!stable/).*', ${jobs}}\n`,
    ],
  ])('%s', (_, text) => {
    const { jobs: frozen, problems } = freeze([ownerSource(`${job}${text}`), source('')]);

    expect(problems.map(line)).toEqual([]);
    expect(frozen.map(({ name }) => name)).toEqual(['unit']);
  });
});
