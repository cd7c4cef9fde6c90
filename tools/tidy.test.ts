import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { render, rules } from './tidy/tidy.ts';
import { readTree } from './tidy/tree.ts';
import { readWorkspace } from './tidy/workspace.ts';

const root = path.resolve(fileURLToPath(new URL('..', import.meta.url)));
const workspace = readWorkspace(readTree(root));

test('the rules look at this working copy, not at an empty folder', () => {
  const paths = workspace.sources.map((source) => source.path);

  expect(paths).toContain('tools/tidy.test.ts');
  expect(workspace.rooms.size).toBeGreaterThan(5);
});

test.each(rules)('$name', (rule) => {
  const findings = rule.check(workspace).map(render);

  expect(findings.join('\n')).toBe('');
});
