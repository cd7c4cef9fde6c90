import type { Outcome } from './outcome.ts';
import type { Runner } from './runner.ts';

/**
 * Lint and format.
 *
 * @param paths relative to the root; all files when empty
 */
export async function checkWithBiome(runner: Runner, paths: readonly string[]): Promise<Outcome> {
  const { code } = await runner.run('Checking lint and format with Biome', [
    'node_modules/@biomejs/biome/bin/biome',
    'check',
    '--error-on-warnings',
    '--diagnostic-level=warn',
    '--no-errors-on-unmatched',
    ...paths,
  ]);
  const repair = 'pnpm exec biome check --write PATH repairs what can be repaired';
  return {
    name: 'Biome',
    passed: 0,
    failed: code === 0 ? 0 : 1,
    summary: code === 0 ? 'lint and format are clean' : `see above; ${repair}`,
  };
}
