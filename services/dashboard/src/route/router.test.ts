import { expect, test } from 'vitest';
import { baseOf, pathOf, routeOf } from './router.ts';

test.each([
  ['/', { page: 'overview' }],
  ['/buildsets/run-1', { page: 'buildset', id: 'run-1' }],
  ['/buildsets/run-1/', { page: 'buildset', id: 'run-1' }],
  ['/builds/run-1.0', { page: 'build', id: 'run-1.0' }],
  ['/builds/a%2Fb', { page: 'build', id: 'a/b' }],
  ['/builds/', { page: 'unknown' }],
  ['/builds/%', { page: 'unknown' }],
  ['/builds/a/b', { page: 'unknown' }],
  ['/settings', { page: 'unknown' }],
])('%s means %j', (path, route) => {
  expect(routeOf('/', path)).toEqual(route);
});

test('below a public path everything is as it is without one', () => {
  expect(routeOf('/gate/', '/gate/buildsets/run-1')).toEqual({ page: 'buildset', id: 'run-1' });
  expect(routeOf('/gate/', '/buildsets/run-1')).toEqual({ page: 'unknown' });
});

test.each(['/', '/gate/'])('the address of a page below %s leads back to it', (base) => {
  const routes = [
    { page: 'overview' },
    { page: 'buildset', id: 'a/b c' },
    { page: 'build', id: 'run-1.0' },
  ] as const;

  expect(routes.map((route) => routeOf(base, pathOf(base, route)))).toEqual(routes);
});

test.each([
  ['http://localhost:8080/assets/index-1.js', '/'],
  ['https://x.example/gate/assets/index-1.js', '/gate/'],
  ['https://x.example/assets/gate/assets/index-1.js', '/assets/gate/'],
])('a file at %s was loaded from below %s', (file, base) => {
  expect(baseOf(file)).toBe(base);
});
