import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { builtInPipelines, defaultPipelinesText } from './defaults.ts';
import { matchesAnywhere, matchesAtStart, matchesWhole } from './patterns.ts';
import { loadLayout } from './resolve/load.ts';
import { pipelinesFor } from './resolve/names.ts';
import { api, load, ownerSource } from './test-support.ts';

test('the built-in text is the file under config', () => {
  const file = new URL('../../../config/default-pipelines.yaml', import.meta.url);

  expect(readFileSync(file, 'utf8')).toBe(defaultPipelinesText);
});

test('the built-in pipelines have no errors', () => {
  const { problems } = loadLayout([ownerSource(defaultPipelinesText)]);

  expect(problems.filter(({ level }) => level === 'error')).toEqual([]);
});

test('every repository has check, gate and post without defining them', () => {
  const { layout, problems } = load('');

  expect(problems).toEqual([]);
  expect(pipelinesFor(layout, api).map(({ name, manager }) => [name, manager])).toEqual([
    ['check', 'independent'],
    ['gate', 'dependent'],
    ['post', 'supercedent'],
  ]);
});

test('check tests drafts too, and asks for trust', () => {
  const [check] = builtInPipelines();

  expect(check?.require).toMatchObject({ isOpen: true, isDraft: null, hasTrustedAuthor: true });
});

test('each reports in progress, success, failure and cancelled, and gate merges', () => {
  for (const { name, reports } of builtInPipelines()) {
    expect(Object.entries(reports).map(([phase, { check }]) => [phase, check])).toEqual([
      ['start', 'in_progress'],
      ['success', 'success'],
      ['failure', 'failure'],
      ['dequeue', 'cancelled'],
    ]);
    expect(reports.success?.isMerging).toBe(name === 'gate');
    expect(reports.success?.comment).toBe(false);
  }
});

test('their triggers match what they are meant for', () => {
  const [check, gate, post] = builtInPipelines();
  const [, comment, rerun] = check?.triggers ?? [];
  const [command] = gate?.triggers ?? [];
  const [push] = post?.triggers ?? [];
  const all = (
    patterns: readonly { source: string; isNegated: boolean }[] | undefined,
    matches: typeof matchesWhole,
    texts: readonly string[],
  ) => texts.map((text) => (patterns ?? []).some((pattern) => matches(pattern, text)));

  expect(all(comment?.comments, matchesAnywhere, ['recheck', ' Recheck \n', 'no recheck'])).toEqual(
    [true, true, false],
  );
  const checks = [
    'our-app:gatehouse/check:failure',
    'a:gatehouse/check2:x',
    'x:y:gatehouse/check:z',
  ];
  expect(all(rerun?.checks, matchesWhole, checks)).toEqual([true, false, false]);
  expect(all(command?.comments, matchesAnywhere, ['gate', 'Reverify', 'gate it'])).toEqual([
    true,
    true,
    false,
  ]);
  const refs = ['refs/heads/main', 'refs/heads/master', 'refs/heads/main2', 'refs/tags/main'];
  expect(all(push?.refs, matchesAtStart, refs)).toEqual([true, true, false, false]);
});
