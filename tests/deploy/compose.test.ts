/** Nothing here starts a container: it reads the file as Compose would. */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSettings, renderSettingsProblems, roles, settingTable } from '@gatehouse/settings';
import { registerOperations } from '@gatehouse/web';
import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { type ComposeService, fillIn, readCompose, variablesOf } from './compose.ts';
import { readDockerfile, restsOf } from './dockerfile.ts';

const root = resolve(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const page = readFileSync(join(root, 'docs/operating/deployment.md'), 'utf8');
const runtime = readDockerfile(readFileSync(join(root, 'deploy/Dockerfile'), 'utf8')).at(-1);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const file = readCompose(text);
const ours = Object.entries(file.services).filter(([name]) => name !== 'redis');
const redis = file.services.redis ?? {};
const defaultPort = settingTable.find(({ variable }) => variable === 'GATEHOUSE_PORT')?.defaultText;

/** What somebody sets who follows the page. */
const given = {
  GATEHOUSE_PUBLIC_URL: 'https://gatehouse.example.com',
  GATEHOUSE_GITHUB_APP_ID: '123456',
  GATEHOUSE_GITHUB_PRIVATE_KEY_FILE: './app.private-key.pem',
  GATEHOUSE_GITHUB_WEBHOOK_SECRET: 'a webhook secret',
  GATEHOUSE_SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
  REDIS_PASSWORD: 'a0b1c2',
};

/** Set by the image, or left to their defaults because the container fixes them. */
const notInCompose = ['GATEHOUSE_HOST', 'GATEHOUSE_PORT', 'GATEHOUSE_DATA_DIR'];
/** Given as a file instead. */
const asFile = 'GATEHOUSE_GITHUB_PRIVATE_KEY';

test('images are pinned, and all roles run the one of this version', () => {
  expect(redis.image).toMatch(/^redis:\d+\.\d+\.\d+-\w+$/);
  for (const [name, service] of ours) {
    expect(service.image, name).toBe(`gatehouse:${manifest.version}`);
    expect(service.build, name).toEqual({ context: '.', dockerfile: 'deploy/Dockerfile' });
  }
  expect(existsSync(join(root, 'deploy/Dockerfile'))).toBe(true);
});

test('the containers take every role exactly once', () => {
  const taken = ours.flatMap(([, { environment }]) =>
    (environment?.GATEHOUSE_ROLES ?? '').split(','),
  );

  expect([...taken].sort()).toEqual([...roles].sort());
});

test('every container runs a command that the image runs by default', () => {
  const [command = ''] = runtime === undefined ? [] : restsOf(runtime, 'CMD');

  for (const [name, service] of ours) expect(service.command, name).toEqual(JSON.parse(command));
});

test('every setting of a container is a setting, and every setting can be reached', () => {
  const known: readonly string[] = settingTable.map(({ variable }) => variable);
  const set = new Set(ours.flatMap(([, { environment }]) => Object.keys(environment ?? {})));

  expect([...set].filter((name) => !known.includes(name))).toEqual([]);
  expect(known.filter((name) => !set.has(name)).sort()).toEqual([...notInCompose, asFile].sort());
});

test('a container takes the variable of the same name, or has a value of its own', () => {
  for (const [name, { environment = {} }] of ours) {
    for (const [setting, value] of Object.entries(environment)) {
      const [variable] = variablesOf(value);
      if (variable === undefined || setting === 'GATEHOUSE_REDIS_URL') continue;
      expect(variable.name, `${name}: ${setting}`).toBe(setting);
    }
  }
});

test('what is required stops Compose with a sentence that says what to set', () => {
  const required = new Set(
    variablesOf(text)
      .filter(({ complaint }) => complaint !== null)
      .map(({ name }) => name),
  );

  expect([...required].sort()).toEqual(Object.keys(given).sort());
  for (const { complaint } of variablesOf(text)) {
    if (complaint !== null) expect(complaint).toMatch(/^set it to /);
  }
  for (const name of required) {
    expect(() => fillIn(file, { ...given, [name]: '' })).toThrow(`${name}: set it to `);
  }
});

test('no variable is written in a form that this test does not read', () => {
  const all = text.match(/\$\{?\w+/g) ?? [];

  expect(all).toHaveLength(variablesOf(text).length);
});

test.each(ours.map(([name]) => name))('the settings of %s are what the service accepts', (name) => {
  const { environment = {} } = fillIn(file, given).services[name] ?? {};
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const read: string[] = [];

  const reading = readSettings({
    env: { ...environment, GATEHOUSE_DATA_DIR: '/var/lib/gatehouse', GATEHOUSE_HOST: '0.0.0.0' },
    readFile: (path) => {
      read.push(path);
      return pem;
    },
  });

  if (!reading.ok) throw new Error(renderSettingsProblems(reading.problems));
  expect(read).toEqual(['/run/secrets/github-private-key']);
  expect(reading.settings).toMatchObject({
    publicUrl: given.GATEHOUSE_PUBLIC_URL,
    redisUrl: `redis://:${given.REDIS_PASSWORD}@redis:6379`,
    adminToken: null,
    oauth: null,
    isDashboardPublic: false,
    runsUntrustedUnsandboxed: false,
  });
  expect(reading.settings.secretsKey).toHaveLength(32);
});

test('the private key is a file, handed over as a secret', () => {
  expect(file.secrets['github-private-key']?.file).toMatch(
    /^\$\{GATEHOUSE_GITHUB_PRIVATE_KEY_FILE:\?/,
  );
  for (const [name, service] of ours) {
    expect(service.secrets, name).toEqual(['github-private-key']);
  }
});

test('no secret is written down', () => {
  const secret: readonly string[] = settingTable
    .filter(({ isSecret }) => isSecret)
    .map(({ variable }) => variable);
  for (const [name, { environment = {} }] of ours) {
    for (const [setting, value] of Object.entries(environment)) {
      if (!secret.includes(setting)) continue;
      expect(variablesOf(value), `${name}: ${setting}`).toHaveLength(1);
      expect(variablesOf(value)[0]?.fallback ?? '', `${name}: ${setting}`).toBe('');
    }
  }
  expect(text).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY/);
});

test('one container alone is reached from outside, on the port of the image', () => {
  const published = Object.entries(file.services).filter(([, { ports }]) => ports !== undefined);
  const exposed = runtime === undefined ? [] : restsOf(runtime, 'EXPOSE');

  expect(published.map(([name]) => name)).toEqual(['front']);
  expect(published[0]?.[1].ports).toEqual([`127.0.0.1:${defaultPort}:${defaultPort}`]);
  expect(exposed).toEqual([defaultPort]);
});

test('health checks ask a route that every process answers', async () => {
  const app = fastify();
  registerOperations(app, {} as unknown as Parameters<typeof registerOperations>[1]); // never asked

  for (const [name, { healthcheck }] of ours) {
    const [form, program, script = '', address = ''] = healthcheck?.test ?? [];
    const { hostname, port, pathname } = new URL(address);

    expect([form, program], name).toEqual(['CMD', 'node']);
    expect(existsSync(join(root, script.replace(/^\/app\//, ''))), script).toBe(true);
    expect([hostname, port], name).toEqual(['127.0.0.1', defaultPort]);
    expect(app.hasRoute({ method: 'GET', url: pathname }), pathname).toBe(true);
  }
  await app.close();
});

test('health checks begin, repeat and end at times that Compose can read', () => {
  for (const [name, { healthcheck }] of Object.entries(file.services)) {
    const { interval, timeout, start_period: start } = healthcheck ?? {};

    expect([interval, timeout, start], name).toEqual(
      Array(3).fill(expect.stringMatching(/^\d+s$/)),
    );
  }
});

test('every role waits until Redis answers, and reaches it and the outside', () => {
  for (const [name, { depends_on: waits, networks }] of ours) {
    expect(waits, name).toEqual({ redis: { condition: 'service_healthy' } });
    expect(networks, name).toEqual(['inside', 'outside']);
  }
  // It ends well whatever Redis says, also when it asks for the password: the answer is looked at.
  expect(redis.healthcheck?.test).toEqual(['CMD-SHELL', 'redis-cli ping | grep -q PONG']);
  expect(variablesOf(redis.environment?.REDISCLI_AUTH ?? '')).toMatchObject([
    { name: 'REDIS_PASSWORD' },
  ]);
});

test('Redis keeps what it was told, drops nothing, and asks for a password', () => {
  const command = (redis.command ?? []).join(' ');

  expect(command).toContain('--appendonly yes');
  expect(command).toContain('--maxmemory-policy noeviction');
  expect(command).toMatch(/--requirepass \$\{REDIS_PASSWORD:\?/);
  expect(redis.volumes).toEqual(['redis-data:/data']);
  expect(redis.networks?.map((name) => file.networks[name])).toEqual([{ internal: true }]);
});

test('the logs of jobs are shared by who writes and who shows them, and nothing else is', () => {
  const volumesOf = (service: ComposeService | undefined) => service?.volumes ?? [];
  const shared = 'job-logs:/var/lib/gatehouse/logs';
  const owners = ours.filter(([, service]) => volumesOf(service).includes(shared));

  expect(owners.map(([name]) => name).sort()).toEqual(['front', 'runner']);
  expect(volumesOf(file.services.front)).toEqual([shared]);
  expect(volumesOf(file.services.runner)).toEqual(['workspaces:/var/lib/gatehouse', shared]);
  expect(new Set(Object.keys(file.volumes))).toEqual(
    new Set(
      Object.values(file.services)
        .flatMap(volumesOf)
        .map((mount) => mount.split(':')[0]),
    ),
  );
});

test('where nothing else can be written, there is room for what is passing', () => {
  for (const [name, { tmpfs = [] }] of ours) {
    const options = tmpfs.find((mount) => /^\/tmp(?::|$)/.test(mount));

    expect(options, name).toBeDefined();
    // Jobs keep programs there.
    if (name === 'runner') expect(options).toMatch(/\bexec\b.*\bsize=\d+m\b/);
  }
});

test('no container’s output fills the disk', () => {
  for (const [name, { logging }] of Object.entries(file.services)) {
    expect(logging?.options, name).toEqual({
      'max-size': expect.stringMatching(/^\d+m$/),
      'max-file': expect.stringMatching(/^\d+$/),
    });
  }
});

test('containers may do no more than they need, and start again after a fall', () => {
  for (const [name, service] of Object.entries(file.services)) {
    const limits = service.deploy?.resources?.limits ?? {};

    expect(service.privileged, name).toBeUndefined();
    expect(service.read_only, name).toBe(true);
    expect(service.cap_drop, name).toEqual(['ALL']);
    expect(service.security_opt, name).toEqual(['no-new-privileges:true']);
    expect(service.restart, name).toBe('unless-stopped');
    expect(Object.keys(limits).sort(), name).toEqual(['cpus', 'memory', 'pids']);
    expect(service.user ?? 'of the image', name).not.toMatch(/^(?:0|root)\b/);
  }
});

test('a container has longer to stop than the service takes', () => {
  const signals = readFileSync(join(root, 'services/gatehouse/src/signals.ts'), 'utf8');
  const patienceMs = Number(/STOP_PATIENCE_MS = ([\d_]+)/.exec(signals)?.[1]?.replaceAll('_', ''));

  expect(patienceMs).toBeGreaterThan(0);
  for (const [name, service] of ours) {
    const graceS = Number(/^(\d+)s$/.exec(service.stop_grace_period ?? '')?.[1]);
    expect(graceS * 1_000, name).toBeGreaterThan(patienceMs);
  }
});

test('the page names every variable that can be set', () => {
  const names = new Set(variablesOf(text).map(({ name }) => name));

  expect([...names].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('the page says that none of this was run', () => {
  expect(page).toMatch(/not\s+been\s+(?:built|run)/);
});
