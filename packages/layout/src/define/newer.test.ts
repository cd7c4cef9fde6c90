/** What Zuul's language got after the description that this one began from. */
import { describe, expect, test } from 'vitest';
import { load, problemsOf } from '../test-support.ts';

describe('attributes that newer releases of Zuul know load with one warning each', () => {
  test.each([
    ['include-projects', '- job: {name: j, run: x, include-projects: [a/b, ^c/.*]}\n'],
    ['exclude-projects', '- job: {name: j, run: x, exclude-projects: a/b}\n'],
    ['type', '- job: {name: j, run: x, type: reporter}\n'],
    ['debug', pipeline('github: [{event: push, debug: true}]')],
    ['trigger: timer', pipeline("timer: [{time: '0 0 * * *', dereference: true, debug: true}]")],
    ['trigger: zuul', pipeline('zuul: [{event: [image-build, image-validate], debug: true}]')],
    ['secret', '- secret: {name: s, oidc: {ttl: 300, claims: {aud: x}}}\n'],
  ])('%s', (name, text) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(`\`${name}\` is accepted`)]);
  });

  test('and keep their item in use', () => {
    const { layout } = load('- job: {name: j, run: x, type: reporter, include-projects: a/b}\n');

    expect(layout.jobs.map(({ name }) => name)).toEqual(['j']);
  });

  test('a secret holds data or is a token', () => {
    expect(problemsOf('- secret: {name: s, data: {}, oidc: {}}\n')).toContain(
      'error not-allowed 1:31 a secret holds `data` or is a token of `oidc`, not both',
    );
    expect(problemsOf('- secret: {name: s}\n')).toContain(
      'error missing-key 1:12 a secret needs `data`',
    );
  });
});

test('a limit of after-care may be nothing, as it has no effect yet', () => {
  expect(problemsOf('- job: {name: j, run: x, post-timeout: 0}\n')).toEqual([
    expect.stringContaining('`post-timeout` is accepted'),
  ]);
});

function pipeline(trigger: string): string {
  return `- pipeline: {name: p, manager: independent, trigger: {${trigger}}}\n`;
}
