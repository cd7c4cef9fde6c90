import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { LayoutSource } from './layout.ts';
import { freezeJobs } from './resolve/freeze.ts';
import { loadLayout } from './resolve/load.ts';
import { api, configuration, line } from './test-support.ts';

const folder = new URL('../../../config/samples/', import.meta.url);
const samples = readdirSync(folder).sort();

function sample(name: string): LayoutSource {
  const text = readFileSync(new URL(`${name}/.gatehouse.yaml`, folder), 'utf8');
  const isOwner = name === 'owner';
  return {
    repository: isOwner ? configuration : api,
    branch: 'main',
    role: isOwner ? 'owner' : 'repository',
    files: [{ path: '.gatehouse.yaml', text }],
  };
}

test('there are samples', () => {
  expect(samples).toEqual(['monorepo', 'owner', 'runners', 'smallest']);
});

test.each(samples)('the sample %s has no problems', (name) => {
  // The owner's sample leaves the job `unit` to each repository.
  const unit = '- job: {name: unit, run: npm test}\n';
  const other: LayoutSource = {
    repository: 'acme/service-a',
    branch: 'main',
    role: 'repository',
    files: [{ path: '.gatehouse.yaml', text: unit }],
  };
  const sources = name === 'owner' ? [sample(name), other] : [sample(name)];

  expect(loadLayout(sources).problems.map(line)).toEqual([]);
});

test.each([
  ['smallest', 'check', ['README.md'], ['unit']],
  ['monorepo', 'check', ['api/a.ts'], ['api-unit']],
  ['monorepo', 'check', ['docs/a.md'], ['links']],
  ['monorepo', 'gate', ['web/a.ts'], ['api-unit', 'web-unit', 'end-to-end']],
  ['runners', 'gate', null, ['unit', 'browsers', 'release-build']],
])('the sample %s runs in %s for %j: %j', (...[name, pipeline, changedFiles, expected]) => {
  const { layout } = loadLayout([sample(name)]);

  const { jobs } = freezeJobs(layout, {
    repository: api,
    branch: 'main',
    pipeline,
    changedFiles,
    base: null,
  });

  expect(jobs.map((job) => job.name)).toEqual(expected);
});
