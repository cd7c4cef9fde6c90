import { describe, expect, test } from 'vitest';
import { plan } from '../plan.ts';
import { findingsWith, room } from '../sample-house.ts';
import { arrowRule, declaredRule, manifestArrowRule } from './arrows.ts';

test('the plan itself has no circle', () => {
  const reachable = (from: string, seen = new Set<string>()): Set<string> => {
    for (const next of plan[from]?.may ?? []) {
      if (!seen.has(next)) reachable(next, seen.add(next));
    }
    return seen;
  };

  const circular = Object.keys(plan).filter((name) => reachable(name).has(name));

  expect(circular).toEqual([]);
});

describe('arrows between sources', () => {
  test('a sound house has no findings', () => {
    expect(findingsWith(arrowRule, {})).toEqual([]);
  });

  test.each([
    ['packages/model', '@gatehouse/layout', 'everything imports the nouns'],
    ['packages/queue', '@gatehouse/store', 'adapters never import one another'],
    ['services/engine', '@gatehouse/web', 'Send it a message through the queue'],
    ['services/engine', '@gatehouse/store', 'interface in packages/ports'],
    ['packages/layout', '@gatehouse/store', 'interface in packages/ports'],
    ['packages/store', 'gatehouse', 'services/gatehouse hand it in'],
    ['packages/store', '@gatehouse/testkit', 'Only tests use the testkit'],
  ])('%s must not import %s', (from, name, advice) => {
    const found = findingsWith(arrowRule, {
      [`${from}/src/bad.ts`]: `\nimport { x } from '${name}';\n`,
    });

    expect(found).toMatchObject([{ file: `${from}/src/bad.ts`, line: 2, rule: 'arrow' }]);
    expect(found[0]?.message).toContain(advice);
  });

  test('a type import, a re-export and a lazy import are arrows too', () => {
    const found = findingsWith(arrowRule, {
      'packages/model/src/a.ts': "import type { A } from '@gatehouse/layout';",
      'packages/model/src/b.ts': "export { a } from '@gatehouse/layout';",
      'packages/model/src/c.ts': "type A = import('@gatehouse/layout').A;",
    });

    expect(found).toHaveLength(3);
  });

  test('a test of a service, and what helps it, may use a real adapter and the testkit', () => {
    const found = findingsWith(arrowRule, {
      'services/engine/src/testing/world.ts': "import { fake } from '@gatehouse/testkit';",
      'services/engine/src/a.test.ts':
        "import { a } from '@gatehouse/store';\nimport { b } from '@gatehouse/testkit';",
    });

    expect(found).toEqual([]);
  });

  test('a test of an adapter still may not use another adapter', () => {
    const found = findingsWith(arrowRule, {
      'packages/queue/src/a.test.ts': "import { a } from '@gatehouse/store';",
    });

    expect(found).toHaveLength(1);
  });
});

describe('arrows in manifests', () => {
  test('a sound house has no findings', () => {
    expect(findingsWith(manifestArrowRule, {})).toEqual([]);
  });

  test('the testkit is a devDependency', () => {
    const found = findingsWith(
      manifestArrowRule,
      room(
        'services/web',
        { dependencies: { '@gatehouse/testkit': 'workspace:*' } },
        "import { fake } from '@gatehouse/testkit';",
      ),
    );

    expect(found[0]?.message).toContain('move it to devDependencies');
  });

  test('a manifest may not declare an arrow that the plan does not have', () => {
    const found = findingsWith(
      manifestArrowRule,
      room(
        'packages/queue',
        { dependencies: { '@gatehouse/store': 'workspace:*' } },
        "import { a } from '@gatehouse/store';",
      ),
    );

    expect(found[0]?.message).toContain('packages/queue must not import packages/store');
  });

  test('an arrow that nothing uses is removed', () => {
    const found = findingsWith(
      manifestArrowRule,
      room(
        'services/web',
        { dependencies: { '@gatehouse/model': 'workspace:*' } },
        'export const a = 1;',
      ),
    );

    expect(found).toMatchObject([
      {
        file: 'services/web/package.json',
        message: expect.stringContaining('nothing here imports'),
      },
    ]);
  });
});

describe('declarations', () => {
  test('a sound house has no findings', () => {
    expect(findingsWith(declaredRule, {})).toEqual([]);
  });

  test.each(['@gatehouse/model', 'zod', 'vitest'])('%s must be declared to be imported', (name) => {
    const found = findingsWith(declaredRule, {
      'services/web/src/bad.ts': `import { x } from '${name}';`,
    });

    expect(found).toMatchObject([{ file: 'services/web/src/bad.ts', line: 1 }]);
    expect(found[0]?.message).toContain('add it to dependencies of services/web/package.json');
  });

  test('a source may not live on a devDependency', () => {
    const found = findingsWith(declaredRule, {
      ...room('services/web', { devDependencies: { zod: 'catalog:' } }, "import { z } from 'zod';"),
    });

    expect(found).toHaveLength(1);
  });

  test('a test may use a devDependency, and the test runner of the root', () => {
    const found = findingsWith(declaredRule, {
      ...room('services/web', { devDependencies: { zod: 'catalog:' } }, 'export const a = 1;'),
      'services/web/src/a.test.ts': "import { z } from 'zod';\nimport { test } from 'vitest';",
    });

    expect(found).toEqual([]);
  });
});
