/**
 * The simulator as a process: one JSON line on standard output when it is ready, and a clean stop
 * on SIGTERM or SIGINT.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { seedDemo } from './seed/demo.ts';
import { createGithubSim } from './sim.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    'public-url': { type: 'string' },
    'data-dir': { type: 'string' },
    'rate-limit': { type: 'string' },
    'seed-demo': { type: 'boolean', default: false },
    'webhook-url': { type: 'string' },
    'webhook-secret': { type: 'string' },
    'app-key-file': { type: 'string' },
    'app-id': { type: 'string' },
  },
});

if (values['data-dir'] === undefined) {
  process.stderr.write('--data-dir is required\n');
  process.exit(1);
}

const publicUrl = values['public-url'];
const rateLimit = values['rate-limit'];
const sim = createGithubSim({
  dataDir: values['data-dir'],
  host: values.host,
  port: Number(values.port),
  ...(publicUrl === undefined ? {} : { publicUrl }),
  ...(rateLimit === undefined ? {} : { rateLimit: Number(rateLimit) }),
});

const stop = () => {
  sim.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);

const addresses = await sim.start();
const app = values['seed-demo'] ? await seed() : undefined;
process.stdout.write(`${JSON.stringify({ ...addresses, ...(app ? { app } : {}) })}\n`);

/** Fills a new folder; on a restart only the webhook's address may have changed. */
async function seed() {
  const webhookUrl = values['webhook-url'];
  const webhookSecret = values['webhook-secret'];
  if (sim.isRestored) {
    const overview = await sim.act.overview();
    const known = overview.apps.find((each) => each.slug === 'gatehouse');
    await sim.act.editApp({
      app: 'gatehouse',
      ...(webhookUrl === undefined ? {} : { webhookUrl }),
      ...(webhookSecret === undefined ? {} : { webhookSecret }),
    });
    return { id: known?.id ?? 0, slug: 'gatehouse' };
  }
  const file = values['app-key-file'];
  const privateKey =
    file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const seeded = await seedDemo(sim.act, {
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
    ...(webhookSecret === undefined ? {} : { webhookSecret }),
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(values['app-id'] === undefined ? {} : { appId: Number(values['app-id']) }),
  });
  if (file !== undefined && privateKey === undefined) {
    writeFileSync(file, seeded.app.privateKey, { mode: 0o600 });
  }
  const { id, slug } = seeded.app;
  return { id, slug };
}
