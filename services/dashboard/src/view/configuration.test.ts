import { expect, test } from 'vitest';
import { configurationOf, problemView } from '../testing/views.ts';
import {
  branchesOf,
  configurationNews,
  ERRORS_OPEN_MAX,
  errorsWord,
  placeOf,
  sectionOf,
} from './configuration.ts';

const warning = problemView({ level: 'warning' });
const errors = (count: number) =>
  Array.from({ length: count }, (_, at) => problemView({ message: `error ${at}` }));

test('nothing wrong is nothing to say', () => {
  expect(sectionOf(configurationOf([]))).toBeNull();
});

test('errors are there at once, warnings are folded away', () => {
  const section = sectionOf(configurationOf([...errors(2), warning]));

  expect(section).toMatchObject({
    summary: '2 errors and 1 warning',
    folds: [{ title: '1 warning', problems: [warning] }],
    rest: null,
  });
  expect(section?.errors.map(({ message }) => message)).toEqual(['error 0', 'error 1']);
});

test('of many errors the first are there at once', () => {
  const section = sectionOf(configurationOf(errors(ERRORS_OPEN_MAX + 2)));

  expect(section?.summary).toBe('7 errors');
  expect(section?.errors).toHaveLength(ERRORS_OPEN_MAX);
  expect(section?.folds.map(({ title }) => title)).toEqual(['2 more errors']);
});

test('what is not listed is counted, with where to find it', () => {
  const listed = configurationOf([warning]);

  const section = sectionOf({ ...listed, warnings_count: 41 });

  expect(section?.summary).toBe('41 warnings');
  expect(section?.rest).toMatch(/^40 more not listed: gatehouse lint/);
});

test('a problem is named by its place, and by the branches that it stands on', () => {
  expect(placeOf(problemView())).toBe('acme/api .gatehouse.yaml:3');
  expect(placeOf(problemView({ line: null }))).toBe('acme/api .gatehouse.yaml');
  expect(branchesOf(problemView({ branch: null }))).toBeNull();
  expect(branchesOf(problemView())).toBe('on main');
  expect(branchesOf(problemView({ other_branches: ['dev'] }))).toBe('on main and dev');
  expect(branchesOf(problemView({ other_branches: ['dev', 'old'] }))).toBe(
    'on main and 2 other branches',
  );
});

test('only errors that come or go while somebody looks are news', () => {
  const none = configurationOf([warning]);
  const one = configurationOf(errors(1));

  expect(configurationNews(null, one)).toBe('');
  expect(configurationNews(one, one)).toBe('');
  expect(configurationNews(none, one)).toBe('1 configuration error.');
  expect(configurationNews(one, configurationOf(errors(2)))).toBe('2 configuration errors.');
  expect(configurationNews(one, none)).toBe('No configuration errors any more.');
});

test('the number of errors stands before its word', () => {
  expect([1, 2].map(errorsWord)).toEqual(['configuration error', 'configuration errors']);
});
