// Builds the dashboard if its sources are other than those of the last build, on the Node.js that
// runs this, with the packages that are installed: for images, and for tests that are run alone.
// The root commands do the same by themselves.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDashboard } from './bootstrap/dashboard.mjs';
import { Failure, formatFailure } from './bootstrap/failure.mjs';
import { createSteps } from './bootstrap/steps.mjs';

const steps = createSteps({ write: (text) => process.stdout.write(text) });
try {
  await ensureDashboard({
    root: path.resolve(fileURLToPath(new URL('..', import.meta.url))),
    env: process.env,
    node: process.execPath,
    steps,
    onLine: (line) => steps.print(line),
  });
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(formatFailure(error));
  process.exitCode = error.exitCode;
}
