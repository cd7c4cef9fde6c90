/** Nothing here builds the image: it reads the file, and runs what can run without Docker. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { settingTable } from '@gatehouse/settings';
import { registerOperations } from '@gatehouse/web';
import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { runCli } from '../blackbox/house.ts';
import { assignments, execForm, readDockerfile, restsOf, type Stage } from './dockerfile.ts';

const root = resolve(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'deploy/Dockerfile'), 'utf8');
const stages = readDockerfile(text);
const runtime = stages.at(-1) as Stage; // a file without a stage fails every test below
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const variables: readonly string[] = settingTable.map(({ variable }) => variable);

test('every base image has the release of Node.js that package.json pins', () => {
  const names = new Set(stages.map(({ name }) => name));
  const images = stages.map(({ from }) => from).filter((from) => !names.has(from));

  expect(new Set(images)).toEqual(
    new Set([`node:${manifest.gatehouse.toolchain.node}-bookworm-slim`]),
  );
});

test('pnpm is the one that package.json pins', () => {
  const installs = text.split('\n').filter((line) => line.includes('npm install --global'));

  expect(installs).toHaveLength(1);
  expect(installs[0]).toContain(
    `"pnpm@$(node -p "require('./package.json').gatehouse.toolchain.pnpm")"`,
  );
});

test('packages are installed exactly as the lockfile says, and only those of production', () => {
  const installs = stages.flatMap((stage) =>
    restsOf(stage, 'RUN').filter((command) => command.startsWith('pnpm install')),
  );

  expect(installs).toHaveLength(2);
  for (const install of installs) expect(install).toContain('--frozen-lockfile');
  expect(installs.at(-1)).toContain('--prod');
  expect(text).not.toMatch(/^\s*(?:RUN|&&) pnpm deploy/m);
});

test('the image holds what the production stage made, the dashboard with it', () => {
  const production = stages.find(({ name }) => name === 'production');
  const dashboard = '/app/services/dashboard/dist services/dashboard/dist';

  expect(restsOf(runtime, 'COPY')).toEqual(['--from=production /app /app']);
  expect(production && restsOf(production, 'COPY')).toEqual([`--from=dashboard ${dashboard}`]);
  // Everybody may read it, and only root may write it.
  expect(production && restsOf(production, 'RUN').at(-1)).toBe('chmod -R u=rwX,go=rX /app');
});

test('packages are fetched by what pins them alone, before the sources are there', () => {
  const [first] = stages;
  const steps = first?.instructions.map(({ name, rest }) => `${name} ${rest}`) ?? [];
  const at = (start: string): number => steps.findIndex((step) => step.startsWith(start));
  const pins = steps[at('COPY')]?.split(/\s+/).slice(1, -1);

  expect(pins).toEqual(['.npmrc', 'package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']);
  expect(at('COPY')).toBeLessThan(at('RUN pnpm fetch'));
  expect(at('COPY . .')).toBeGreaterThan(at('RUN pnpm fetch'));
});

test('of GitHub’s descriptions the one stays that the simulator reads', () => {
  const [, kept = ''] = /! -name (\S+\.json) -delete/.exec(text) ?? [];
  const reader = readFileSync(join(root, 'packages/github-sim/src/openapi/description.ts'), 'utf8');

  expect(kept).not.toBe('');
  expect(reader).toContain(kept);
});

test('packages that are filtered by name exist, and the dashboard can be built', () => {
  // With the dots: and everything that it depends on.
  const names = [...text.matchAll(/--filter(?:-prod)? "([@\w/-]+)\.\.\."/g)].map(
    (match) => match[1],
  );
  const dashboard = readManifest('services/dashboard');

  expect(new Set(names)).toEqual(
    new Set([readManifest('services/gatehouse').name, dashboard.name]),
  );
  expect(text).toContain(`pnpm --filter ${dashboard.name} run build`);
  expect(dashboard.scripts?.build).toContain('vite build');
});

test('what is copied exists, and the image may see it', () => {
  const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
  for (const stage of stages) {
    for (const copy of restsOf(stage, 'COPY')) {
      const words = copy.split(/\s+/);
      const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
      const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1);
      if (from !== undefined) {
        const at = stages.findIndex(({ name }) => name === from);
        expect(at, copy).toBeGreaterThanOrEqual(0);
        expect(at, copy).toBeLessThan(stages.indexOf(stage));
        continue;
      }
      for (const source of sources) {
        expect(existsSync(join(root, source)), source).toBe(true);
        if (source !== '.') expect(ignored, source).toContain(`!${source}`);
      }
    }
  }
});

test('what may be seen exists; keys, data and history may not', () => {
  const lines = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
  const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));

  expect(lines.find((line) => line !== '' && !line.startsWith('#'))).toBe('*');
  for (const path of allowed) expect(existsSync(join(root, path)), path).toBe(true);
  expect(allowed).toEqual(
    expect.arrayContaining(['LICENSE', 'config', 'deploy', 'packages', 'services']),
  );
  expect(lines).toEqual(
    expect.arrayContaining(['**/.env', '**/*.pem', '**/.gatehouse', '**/node_modules', '**/dist']),
  );
});

test('what the build of the dashboard reads outside its folder may be seen', () => {
  const folder = join(root, 'services/dashboard');
  const config = JSON.parse(readFileSync(join(folder, 'tsconfig.json'), 'utf8'));
  const lines = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');

  const base = relative(root, resolve(folder, config.extends));

  expect(lines).toContain(`!${base}`);
});

test('it starts a command that exists, as a process that passes signals on', async () => {
  const [init, , program, script] = execForm(restsOf(runtime, 'ENTRYPOINT')[0] ?? '');
  const command = execForm(restsOf(runtime, 'CMD')[0] ?? '');
  const help = await runCli(['--help'], {});

  expect([init, program]).toEqual(['/usr/bin/tini', 'node']);
  expect(restsOf(runtime, 'RUN').join(' ')).toMatch(/apt-get install .* tini\b/);
  expect(existsSync(join(root, (script ?? '').replace(/^\/app\//, '')))).toBe(true);
  expect(command).toHaveLength(1);
  expect(help.output).toMatch(new RegExp(`^ {2}${command[0]} `, 'm'));
});

test('it has what the runner needs', () => {
  const installed = restsOf(runtime, 'RUN').join(' ');

  for (const name of ['bubblewrap', 'ca-certificates', 'git']) expect(installed).toContain(name);
});

test('it does not run as root, and its user owns the data directory', () => {
  const user = restsOf(runtime, 'USER').at(-1) ?? '';
  const setUp = restsOf(runtime, 'RUN').join(' ');
  const [, uid = ''] = /^(\d+):\1$/.exec(user) ?? [];
  const lastUser = runtime.instructions.findLastIndex(({ name }) => name === 'USER');
  const lastRun = runtime.instructions.findLastIndex(({ name }) => name === 'RUN');

  expect(Number(uid)).toBeGreaterThan(0);
  expect(setUp).toContain(`--uid ${uid}`);
  expect(setUp).toMatch(/install --directory --owner gatehouse .*\/var\/lib\/gatehouse\/logs/);
  expect(lastUser).toBeGreaterThan(lastRun);
});

test('its settings are settings, and the data directory is the volume', () => {
  const environment = new Map(restsOf(runtime, 'ENV').flatMap((rest) => [...assignments(rest)]));
  const unknown = [...environment.keys()].filter(
    (name) => name.startsWith('GATEHOUSE_') && !variables.includes(name),
  );

  expect(unknown).toEqual([]);
  expect(restsOf(runtime, 'VOLUME')).toEqual([environment.get('GATEHOUSE_DATA_DIR')]);
  expect(environment.get('GATEHOUSE_HOST')).toBe('0.0.0.0');
  expect(environment.has('GATEHOUSE_PORT')).toBe(false);
});

test('it exposes the port that the settings have by default', () => {
  const port = settingTable.find(({ variable }) => variable === 'GATEHOUSE_PORT')?.defaultText;

  expect(restsOf(runtime, 'EXPOSE')).toEqual([port]);
});

test('it holds no secret', () => {
  const secret = settingTable.filter(({ isSecret }) => isSecret).map(({ variable }) => variable);

  for (const name of secret) expect(text).not.toContain(`${name}=`);
  expect(text).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY|(?:TOKEN|PASSWORD|SECRET)\s*=/);
});

test('its labels name the licence and the version of this workspace', () => {
  const [version] = restsOf(runtime, 'ARG').map((rest) => assignments(rest).get('VERSION'));
  const labels = assignments(restsOf(runtime, 'LABEL')[0] ?? '');

  expect(version).toBe(manifest.version);
  expect(labels.get('org.opencontainers.image.licenses')).toBe(manifest.license);
  expect(labels.get('org.opencontainers.image.version')).toBe('${VERSION}');
});

test('its health check succeeds while the service answers, and fails when it does not', async () => {
  const [check = ''] = restsOf(runtime, 'HEALTHCHECK');
  const words = execForm(/CMD (.*)$/.exec(check)?.[1] ?? '');
  const url = new URL(words[2] ?? '');
  await using service = await someService();

  const good = await runHealthcheck(words, `${service.url}${url.pathname}`);
  const notReady = await runHealthcheck(words, `${service.url}/readyz`);
  const absent = await runHealthcheck(words, `${service.url}/there-is-no-such-route`);
  await service.close();
  const dead = await runHealthcheck(words, `${service.url}${url.pathname}`);

  expect(url.host).toBe(`127.0.0.1:${restsOf(runtime, 'EXPOSE')[0]}`);
  expect(good).toEqual({ code: 0, said: '' });
  expect(notReady).toMatchObject({ code: 1, said: expect.stringContaining('Redis is away') });
  expect(absent).toMatchObject({ code: 1, said: expect.stringContaining('404') });
  expect(dead).toMatchObject({ code: 1, said: expect.stringContaining('ECONNREFUSED') });
});

/** The service's own operational routes, alive and not ready. */
async function someService() {
  const app = fastify();
  registerOperations(app, {
    readiness: async () => ({ ready: false, reasons: ['Redis is away'] }),
  } as unknown as Parameters<typeof registerOperations>[1]); // the routes asked here need no more
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const close = () => app.close();
  return { url, close, [Symbol.asyncDispose]: close };
}

/** Runs the image's check as the image would, against another address. */
async function runHealthcheck(words: readonly string[], address: string) {
  const script = join(root, (words[1] ?? '').replace(/^\/app\//, ''));
  const child = spawn(process.execPath, [script, address]);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(child, 'close');
  return { code, said };
}

function readManifest(folder: string): { name: string; scripts?: Record<string, string> } {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}
