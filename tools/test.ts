// `npm test`: everything that a change must pass, in the order of what fails fastest. Arguments
// are handed to vitest (`npm test -- -t "a name"`).
import { checkWithBiome } from './checks/biome.ts';
import { renderSummary } from './checks/outcome.ts';
import { createRunner } from './checks/runner.ts';
import { checkTypes } from './checks/type-check.ts';
import { runTests } from './checks/vitest-run.ts';

const runner = createRunner();
const outcomes = [
  await checkWithBiome(runner, []),
  await checkTypes(runner, []),
  await runTests(runner, process.argv.slice(2), false),
];

process.stdout.write(renderSummary(outcomes));
process.exitCode = outcomes.every(({ failed }) => failed === 0) ? 0 : 1;
