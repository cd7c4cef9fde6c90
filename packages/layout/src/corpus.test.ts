/** Public Zuul configurations, where a copy of them lies beside this working copy. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { LayoutSource } from './layout.ts';
import { loadLayout } from './resolve/load.ts';
import { line } from './test-support.ts';

const corpus = fileURLToPath(new URL('../../../../shared/corpus/zuul', import.meta.url));
const isThere = existsSync(corpus);

/** Kinds of problems that Zuul itself would raise for a part of a tenant read alone. */
const expectedErrors = [
  // Names that other repositories of the tenant define.
  'undefined-job',
  'undefined-template',
  'undefined-pipeline',
  'undefined-secret',
  // Files of tenants that allow more than Zuul's default of three hours.
  'timeout-too-long',
];

/** Faults of the files themselves, by repository and code. */
const knownFaults = ['NeCTAR-RC/horizon bad-pattern 107:9'];

const expectedWarnings = [
  'no-effect-yet',
  'no-effect',
  'playbook',
  'other-connection',
  'never-matches',
  'does-not-fit',
  'deprecated',
  'look-around',
  'undefined-queue',
  'undefined-semaphore',
  'undefined-pipeline',
  // Names of jobs that other repositories of the tenant define.
  'undefined-dependency',
];

function filesUnder(folder: string): LayoutSource['files'] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.ya?ml$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}

/** What only a configuration repository may hold tells that this is one. */
function isConfiguration(files: LayoutSource['files']): boolean {
  return files.some(({ text }) => /^\s*-\s+pipeline:|parent: *(?:null|~)?\s*$/m.test(text));
}

test.runIf(isThere)(
  'every public file loads with the problems that Zuul would have with it',
  () => {
    const repositories = readdirSync(corpus, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );

    const unexpected = repositories.flatMap(({ name }) => {
      const files = filesUnder(join(corpus, name));
      const role = isConfiguration(files) ? 'owner' : 'repository';
      const repository = name.replace('__', '/');
      const { problems } = loadLayout([{ repository, branch: 'main', role, files }]);
      return problems
        .filter(({ level, code, range }) => {
          const known = level === 'error' ? expectedErrors : expectedWarnings;
          const fault = `${repository} ${code} ${range?.startLine}:${range?.startColumn}`;
          return !known.includes(code) && !knownFaults.includes(fault);
        })
        .map((problem) => `${repository} ${problem.path} ${line(problem)}`);
    });

    expect(repositories.length).toBeGreaterThan(30);
    expect(unexpected).toEqual([]);
  },
);

test('where no copy of the public files is, one line says so', () => {
  if (!isThere) process.stdout.write('public configurations: no copy here, not tried\n');

  expect(typeof isThere).toBe('boolean');
});
