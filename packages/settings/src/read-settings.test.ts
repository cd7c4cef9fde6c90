import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { renderSettingsProblems } from './problems.ts';
import { readSettings, type SettingsReading } from './read-settings.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const required = {
  GATEHOUSE_GITHUB_APP_ID: '42',
  GATEHOUSE_GITHUB_PRIVATE_KEY: pkcs1,
  GATEHOUSE_GITHUB_WEBHOOK_SECRET: 'it is a secret',
};

interface Given {
  readonly env?: Record<string, string | undefined>;
  readonly files?: Record<string, string>;
}

function read({ env = {}, files = {} }: Given): SettingsReading {
  return readSettings({
    env,
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    },
    workingDirectory: '/srv',
    cores: 6,
  });
}

function settingsOf(given: Given) {
  const reading = read(given);
  if (!reading.ok) throw new Error(renderSettingsProblems(reading.problems));
  return reading.settings;
}

function messageOf(given: Given): string {
  const reading = read(given);
  return reading.ok ? '' : renderSettingsProblems(reading.problems);
}

function problemOf(given: Given) {
  const reading = read(given);
  const problems = reading.ok ? [] : reading.problems;
  expect(problems).toHaveLength(1);
  return problems[0];
}

test('the three required settings are enough, everything else has its default', () => {
  const settings = settingsOf({ env: required });

  expect(settings).toEqual({
    host: '127.0.0.1',
    port: 8080,
    publicUrl: 'http://localhost:8080',
    isPublicUrlDefault: true,
    redisUrl: null,
    dataDir: '/srv/.gatehouse',
    githubApiUrl: 'https://api.github.com',
    githubAppId: 42,
    githubPrivateKey: pkcs8,
    githubWebhookSecret: 'it is a secret',
    adminToken: null,
    httpAllow: [],
    isDashboardPublic: false,
    oauth: null,
    secretsKey: null,
    runsUntrustedUnsandboxed: false,
    runnerLabels: [],
    runnerConcurrency: 6,
    logLevel: 'info',
    roles: ['ingress', 'engine', 'merger', 'runner', 'reporter', 'web'],
  });
});

test('every setting is read from the environment', () => {
  const settings = settingsOf({
    env: {
      ...required,
      GATEHOUSE_HOST: '::1',
      GATEHOUSE_PORT: '0',
      GATEHOUSE_PUBLIC_URL: 'https://ci.example.com/gate/',
      GATEHOUSE_REDIS_URL: 'rediss://user:pass@redis.example:6380/2',
      GATEHOUSE_DATA_DIR: 'var/gate',
      GATEHOUSE_GITHUB_API_URL: 'https://ghe.example.com/api/v3/',
      GATEHOUSE_ADMIN_TOKEN: 'open-sesame',
      GATEHOUSE_HTTP_ALLOW: 'http://127.0.0.1:*, https://*.corp.example',
      GATEHOUSE_PUBLIC_DASHBOARD: 'Yes',
      GATEHOUSE_OAUTH_CLIENT_ID: 'Iv1.0',
      GATEHOUSE_OAUTH_CLIENT_SECRET: 'shh',
      GATEHOUSE_SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
      GATEHOUSE_UNSANDBOXED_UNTRUSTED: '1',
      GATEHOUSE_RUNNER_LABELS: 'linux,large,linux',
      GATEHOUSE_RUNNER_CONCURRENCY: '3',
      GATEHOUSE_LOG_LEVEL: 'debug',
      GATEHOUSE_ROLES: 'web,ingress',
    },
  });

  expect(settings).toMatchObject({
    host: '::1',
    port: 0,
    publicUrl: 'https://ci.example.com/gate',
    isPublicUrlDefault: false,
    redisUrl: 'rediss://user:pass@redis.example:6380/2',
    dataDir: '/srv/var/gate',
    githubApiUrl: 'https://ghe.example.com/api/v3',
    adminToken: 'open-sesame',
    isDashboardPublic: true,
    oauth: { clientId: 'Iv1.0', clientSecret: 'shh' },
    secretsKey: new Uint8Array(32).fill(7),
    runsUntrustedUnsandboxed: true,
    runnerLabels: ['linux', 'large'],
    runnerConcurrency: 3,
    logLevel: 'debug',
    roles: ['ingress', 'web'],
  });
  expect(settings.httpAllow).toHaveLength(2);
});

test('the environment wins over the settings file', () => {
  const settings = settingsOf({
    env: { ...required, GATEHOUSE_CONFIG: 'gate.yaml', GATEHOUSE_PORT: '9000' },
    files: { '/srv/gate.yaml': 'port: 7000\nlog_level: warn\nrunner_labels: [a, b]\n' },
  });

  expect(settings).toMatchObject({ port: 9000, logLevel: 'warn', runnerLabels: ['a', 'b'] });
});

test('a variable that is set but empty counts as not given', () => {
  const settings = settingsOf({
    env: { ...required, GATEHOUSE_CONFIG: '/etc/g.yaml', GATEHOUSE_PORT: '' },
    files: { '/etc/g.yaml': 'port: 7000\nredis_url:\n' },
  });

  expect(settings).toMatchObject({ port: 7000, redisUrl: null });
});

test('digits in the settings file stay as they are written', () => {
  const settings = settingsOf({
    env: { ...required, GATEHOUSE_GITHUB_WEBHOOK_SECRET: '', GATEHOUSE_CONFIG: '/g.yaml' },
    files: { '/g.yaml': 'github_webhook_secret: 00123\n' },
  });

  expect(settings.githubWebhookSecret).toBe('00123');
});

test.each([
  ['with escaped line ends', pkcs1.replaceAll('\n', '\\n')],
  ['with blanks for line ends', pkcs1.trim().replaceAll('\n', ' ')],
  ['in base64', Buffer.from(pkcs1).toString('base64')],
  ['in the PKCS#8 form', pkcs8],
  ['with carriage returns', pkcs1.replaceAll('\n', '\r\n')],
])('the private key may be given %s', (_, key) => {
  const settings = settingsOf({ env: { ...required, GATEHOUSE_GITHUB_PRIVATE_KEY: key } });

  expect(settings.githubPrivateKey).toBe(pkcs8);
});

test('the private key may be given as a file', () => {
  const settings = settingsOf({
    env: {
      ...required,
      GATEHOUSE_GITHUB_PRIVATE_KEY: undefined,
      GATEHOUSE_GITHUB_PRIVATE_KEY_FILE: 'app.pem',
    },
    files: { '/srv/app.pem': pkcs1 },
  });

  expect(settings.githubPrivateKey).toBe(pkcs8);
});

test("the environment's form of the private key wins over the file's other form", () => {
  const settings = settingsOf({
    env: { ...required, GATEHOUSE_CONFIG: '/g.yaml' },
    files: { '/g.yaml': 'github_private_key_file: /nowhere.pem\n' },
  });

  expect(settings.githubPrivateKey).toBe(pkcs8);
});

test('both forms of the private key together are refused', () => {
  const problem = problemOf({ env: { ...required, GATEHOUSE_GITHUB_PRIVATE_KEY_FILE: 'a.pem' } });

  expect(problem).toMatchObject({ setting: 'GATEHOUSE_GITHUB_PRIVATE_KEY', code: 'conflict' });
});

test('a private key file that does not exist is named', () => {
  const problem = problemOf({
    env: {
      ...required,
      GATEHOUSE_GITHUB_PRIVATE_KEY: '',
      GATEHOUSE_GITHUB_PRIVATE_KEY_FILE: 'gone.pem',
    },
  });

  expect(problem).toMatchObject({
    setting: 'GATEHOUSE_GITHUB_PRIVATE_KEY_FILE',
    code: 'file-unreadable',
    message: 'names "gone.pem", which cannot be read (ENOENT).',
  });
});

const damaged = pkcs1.replace(/\n[^\n]{20}/, '\nAAAAAAAAAAAAAAAAAAAA');
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const locked = privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
  .toString();

test.each([
  ['text that is no PEM', 'hunter2'.repeat(10), 'holds no PEM'],
  ['a damaged PEM', damaged, 'damaged PEM'],
  ['a key that is not RSA', elliptic, 'is not an RSA key'],
  ['a key with a passphrase', locked, 'passphrase'],
])('%s is refused as private key without being quoted', (_, key, reason) => {
  const message = messageOf({ env: { ...required, GATEHOUSE_GITHUB_PRIVATE_KEY: key } });

  expect(message).toContain(reason);
  expect(message).not.toContain(key.slice(40, 60).trim());
});

test('one message names every missing setting and what to do', () => {
  const message = messageOf({});

  expect(message).toMatchInlineSnapshot(`
    "Gatehouse cannot start. 3 settings need attention:

      GATEHOUSE_GITHUB_APP_ID (not set) is required. The App's id, as its settings page on GitHub shows it.
          Set it in the environment, or as github_app_id in the settings file.
      GATEHOUSE_GITHUB_WEBHOOK_SECRET (not set) is required. The webhook secret of the App: what GitHub signs its webhooks with.
          Set it in the environment, or as github_webhook_secret in the settings file.
      GATEHOUSE_GITHUB_PRIVATE_KEY (not set) is required (or its _FILE form).
          Set GATEHOUSE_GITHUB_PRIVATE_KEY_FILE to the file that GitHub let you download, or GATEHOUSE_GITHUB_PRIVATE_KEY to its text.

    config/gatehouse.example.yaml explains every setting.
    "
  `);
});

test.each([
  ['GATEHOUSE_PORT', '80a', 'whole number from 0 to 65535, not "80a"'],
  ['GATEHOUSE_PORT', '65536', 'whole number from 0 to 65535'],
  ['GATEHOUSE_PORT', '-1', 'whole number'],
  ['GATEHOUSE_HOST', 'two words', 'host name or an IP address'],
  ['GATEHOUSE_PUBLIC_URL', 'example.com', 'http:// or https://'],
  ['GATEHOUSE_PUBLIC_URL', 'ftp://example.com', 'http:// or https://'],
  ['GATEHOUSE_PUBLIC_URL', 'https://example.com/?a=1', 'query'],
  ['GATEHOUSE_GITHUB_API_URL', 'https://me:pw@ghe/api/v3', 'user name or password'],
  ['GATEHOUSE_GITHUB_APP_ID', 'my-app', 'whole number of at least 1'],
  ['GATEHOUSE_GITHUB_APP_ID', '0', 'whole number of at least 1'],
  ['GATEHOUSE_GITHUB_WEBHOOK_SECRET', '   ', 'not empty'],
  ['GATEHOUSE_ADMIN_TOKEN', 'two words', 'one word'],
  ['GATEHOUSE_REDIS_URL', 'http://localhost', 'redis:// or rediss://'],
  ['GATEHOUSE_HTTP_ALLOW', 'https://ok.example,ftp://x', 'entry 2 is none'],
  ['GATEHOUSE_HTTP_ALLOW', 'https://ok.example/path', 'entry 1 is none'],
  ['GATEHOUSE_PUBLIC_DASHBOARD', 'perhaps', 'true or false'],
  ['GATEHOUSE_SECRETS_KEY', 'c2hvcnQ=', '32 bytes in base64'],
  ['GATEHOUSE_RUNNER_CONCURRENCY', '0', 'whole number from 1'],
  ['GATEHOUSE_RUNNER_LABELS', 'a b', 'comma list of plain words'],
  ['GATEHOUSE_LOG_LEVEL', 'loud', 'trace, debug, info'],
  ['GATEHOUSE_ROLES', 'all,web', 'must be all, or a comma list'],
  ['GATEHOUSE_ROLES', 'webb', 'must be all, or a comma list'],
])('%s=%j is refused: %s', (variable, value, reason) => {
  const problem = problemOf({ env: { ...required, [variable]: value } });

  expect(problem).toMatchObject({ setting: variable, source: 'the environment', code: 'invalid' });
  expect(problem?.message).toContain(reason);
});

test('no message quotes the value of a secret or the credentials in a URL', () => {
  const message = messageOf({
    env: {
      ...required,
      GATEHOUSE_ADMIN_TOKEN: 'swordfish swordfish',
      GATEHOUSE_REDIS_URL: 'tcp://u:swordfish@redis',
      GATEHOUSE_SECRETS_KEY: 'swordfish',
      GATEHOUSE_PUBLIC_URL: 'https://u:swordfish@host',
    },
  });

  expect(message).toContain('4 settings need attention');
  expect(message).not.toContain('swordfish');
});

test('an unknown variable is refused and the nearest known one is named', () => {
  const problem = problemOf({ env: { ...required, GATEHOUSE_GITHUB_WEBHOOK_SECERT: 'x' } });

  expect(problem).toEqual({
    setting: 'GATEHOUSE_GITHUB_WEBHOOK_SECERT',
    source: 'the environment',
    code: 'unknown',
    message: 'is not a setting.',
    remedy: 'Did you mean GATEHOUSE_GITHUB_WEBHOOK_SECRET?',
  });
});

test('an unknown variable that resembles nothing is to be unset', () => {
  const problem = problemOf({ env: { ...required, GATEHOUSE_ZZZZZZZZZZZZ: 'x' } });

  expect(problem?.remedy).toBe('Unset it.');
});

test('variables of tests and of command jobs are admitted', () => {
  const reading = read({
    env: { ...required, GATEHOUSE_TEST_REDIS_URL: 'redis://x', GATEHOUSE_BUILD_ID: 'b1' },
  });

  expect(reading.ok).toBe(true);
});

test('an unknown key of the settings file is refused with its line and the nearest known one', () => {
  const problem = problemOf({
    env: { ...required, GATEHOUSE_CONFIG: 'g.yaml' },
    files: { '/srv/g.yaml': 'port: 80\ngithub_api: https://x\n' },
  });

  expect(problem).toMatchObject({
    setting: 'github_api',
    source: 'g.yaml, line 2',
    code: 'unknown',
    remedy: 'Did you mean github_api_url?',
  });
});

test('a wrong type in the settings file is named with its line', () => {
  const problem = problemOf({
    env: { ...required, GATEHOUSE_CONFIG: 'g.yaml' },
    files: { '/srv/g.yaml': '\nport: {a: 1}\n' },
  });

  expect(problem).toMatchObject({ setting: 'GATEHOUSE_PORT', source: 'g.yaml, line 2' });
});

test.each([
  ['is missing', undefined, 'GATEHOUSE_CONFIG', 'cannot be read (ENOENT)'],
  ['is not YAML', 'port: [1', '/g.yaml', 'is not valid YAML at line'],
  ['gives a key twice', 'port: 1\nport: 2\n', '/g.yaml', 'DUPLICATE_KEY'],
  ['is a list', '- port\n', '/g.yaml', 'must hold `key: value` lines'],
])('a settings file that %s is refused', (...[, text, setting, reason]) => {
  const problem = problemOf({
    env: { ...required, GATEHOUSE_CONFIG: '/g.yaml' },
    files: text === undefined ? {} : { '/g.yaml': text },
  });

  expect(problem).toMatchObject({ setting });
  expect(problem?.message).toContain(reason);
});

test('half of the OAuth settings is refused', () => {
  const problem = problemOf({ env: { ...required, GATEHOUSE_OAUTH_CLIENT_ID: 'Iv1.0' } });

  expect(problem).toMatchObject({
    setting: 'GATEHOUSE_OAUTH_CLIENT_SECRET',
    code: 'incomplete',
  });
});
