import { expect, test } from 'vitest';
import { api, ownerSource, source } from '../test-support.ts';
import { explainJob, listedJobs } from './explain.ts';
import { loadLayout } from './load.ts';

const owner = `- job:
    name: common
    abstract: true
    pre-run: ./prepare.sh
    run: make test
    timeout: 60
    vars: {a: 1, b: 1}
`;
const own = `- job:
    name: unit
    parent: common
    vars: {b: 2}
    files: [^src/]
- project:
    vars: {c: 3}
    check:
      jobs:
        - unit:
            timeout: 90
            pre-run: ./more.sh
`;

function explained(text: string) {
  const { layout } = loadLayout([ownerSource(owner), source(text)]);
  const subject = { repository: api, branch: 'main', ref: null };
  const job = explainJob(layout, { subject, pipeline: 'check' }, 'unit');
  return job?.values.map(({ attribute, value, from }) => {
    const places = from.map(({ repository, line }) => `${repository.split('/')[1]}:${line}`);
    return `${attribute} ${JSON.stringify(value)} ${places.join(' ')}`.trimEnd();
  });
}

test('each value comes with what set it, or every part that added to it', () => {
  expect(explained(own)).toEqual([
    'run ["make test"] .gatehouse:5',
    'pre-run ["./prepare.sh","./more.sh"] .gatehouse:4 api:12',
    'timeout 90 api:11',
    'attempts 3',
    'voting true',
    'files ["^src/"] api:5',
    'vars {"c":3,"a":1,"b":2} api:6 .gatehouse:7 api:4',
  ]);
});

test('a way to run takes the place of the parent and its steps', () => {
  const text = own
    .replace('    files: [^src/]', '    http: https://ci.example.com/')
    .replace('            pre-run: ./more.sh\n', '');

  expect(explained(text)?.slice(0, 2)).toEqual([
    'http {"url":"https://ci.example.com/","headers":{}} api:5',
    'timeout 90 api:11',
  ]);
});

test('a job says what it is made of and where it is listed', () => {
  const { layout } = loadLayout([ownerSource(owner), source(own)]);
  const subject = { repository: api, branch: 'main', ref: null };

  const job = explainJob(layout, { subject, pipeline: 'check' }, 'unit');

  expect(job?.definedAt.map(({ name, place }) => `${name} ${place.path}:${place.line}`)).toEqual([
    'base built-in:1',
    'common .gatehouse.yaml:2',
    'unit .gatehouse.yaml:2',
  ]);
  expect(job?.listedAt.map(({ line }) => line)).toEqual([10]);
});

test('what a project does not list is not explained', () => {
  const { layout } = loadLayout([source(own)]);
  const subject = { repository: api, branch: 'main', ref: null };

  expect(explainJob(layout, { subject, pipeline: 'gate' }, 'unit')).toBeNull();
  expect(explainJob(layout, { subject, pipeline: 'check' }, 'other')).toBeNull();
});

test('the jobs of a pipeline are listed in report order, those that do not run too', () => {
  const text = `- job: {name: a, run: x, branches: ^stable$}
- job: {name: b, run: x}
- project: {check: {jobs: [b, a, gone]}}
`;
  const { layout } = loadLayout([source(text)]);
  const subject = { repository: api, branch: 'main', ref: null };

  expect(listedJobs(layout, { subject, pipeline: 'check' })).toEqual(['b', 'a', 'gone']);
  expect(listedJobs(layout, { subject, pipeline: 'gate' })).toEqual([]);
});
