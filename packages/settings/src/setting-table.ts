/**
 * Every setting of the operator: its schema, and what documentation says about it. The annotated
 * example and the reference page are made from this table.
 */
import { z } from 'zod';
import * as values from './value-schemas.ts';

/** What is said about a setting beside its schema. */
interface SettingNotes {
  /** One sentence or two, for people. */
  readonly description: string;
  /** Null: the value has no unit. */
  readonly unit: string | null;
  /** A value that could be written, as text. */
  readonly example: string;
  /** True: the value never appears in messages and logs. */
  readonly isSecret?: boolean;
  readonly isRequired?: boolean;
  /** What holds when nothing is given; null: nothing does (or it is required). */
  readonly defaultText?: string | null;
}

const notes = z.registry<SettingNotes>();

function required<Schema extends z.ZodType>(schema: Schema, about: SettingNotes): Schema {
  return described(schema, { ...about, isRequired: true });
}

function defaulted<Value>(
  schema: z.ZodType<Value, unknown>,
  defaultText: string,
  about: SettingNotes,
) {
  return described(schema.prefault(defaultText), { ...about, defaultText });
}

/** A copy of the schema with notes: two settings may share one schema, never one note. */
function described<Schema extends z.ZodType>(schema: Schema, about: SettingNotes): Schema {
  const own = schema.clone();
  notes.add(own, about);
  return own;
}

const PORT_MAX = 65_535;
/** More jobs at once than any one machine runs well; a bound against a slip of the keyboard. */
const CONCURRENCY_MAX = 1000;

/** The schema over raw values, keyed by variable name. */
export const settingsSchema = z.object({
  GATEHOUSE_HOST: defaulted(values.hostName, '127.0.0.1', {
    description:
      'The address on which the HTTP server listens. Behind a reverse proxy on the same machine ' +
      'the default is right; 0.0.0.0 listens on every interface.',
    unit: null,
    example: '0.0.0.0',
  }),
  GATEHOUSE_PORT: defaulted(values.wholeNumber(0, PORT_MAX), '8080', {
    description: 'The port on which the HTTP server listens; 0 takes any free one.',
    unit: 'TCP port',
    example: '8080',
  }),
  GATEHOUSE_PUBLIC_URL: described(values.baseUrl(['http', 'https']).optional(), {
    description:
      'The address under which people and GitHub reach this service: the base of every link that ' +
      'is reported to GitHub, and of the callbacks that external runners get.',
    unit: null,
    example: 'https://gatehouse.example.com',
    defaultText: 'http://localhost:$PORT',
  }),
  GATEHOUSE_REDIS_URL: described(values.redisUrl.optional(), {
    description:
      'The Redis (6.2 or newer) or Valkey that keeps all state. Several processes that share it ' +
      'work as one service.',
    unit: null,
    example: 'redis://localhost:6379',
    isSecret: true,
    defaultText: 'an embedded server is started',
  }),
  GATEHOUSE_DATA_DIR: defaulted(values.text, '.gatehouse', {
    description:
      'The directory for the embedded Redis, workspaces, job logs and the key that encrypts ' +
      'secrets. A relative path starts at the directory the service is started in.',
    unit: null,
    example: '/var/lib/gatehouse',
  }),
  GATEHOUSE_GITHUB_API_URL: defaulted(values.baseUrl(['http', 'https']), 'https://api.github.com', {
    description: "GitHub's REST address; https://HOST/api/v3 for GitHub Enterprise Server.",
    unit: null,
    example: 'https://github.example.com/api/v3',
  }),
  GATEHOUSE_GITHUB_APP_ID: required(values.wholeNumber(1, Number.MAX_SAFE_INTEGER), {
    description: "The App's id, as its settings page on GitHub shows it.",
    unit: null,
    example: '123456',
  }),
  GATEHOUSE_GITHUB_PRIVATE_KEY: described(values.secretText.optional(), {
    description:
      "The App's private key: the PEM itself (line ends may be written \\n), or the PEM in base64. " +
      'Either this or GATEHOUSE_GITHUB_PRIVATE_KEY_FILE is required.',
    unit: null,
    example: '-----BEGIN RSA PRIVATE KEY-----\\n…\\n-----END RSA PRIVATE KEY-----',
    isSecret: true,
  }),
  GATEHOUSE_GITHUB_PRIVATE_KEY_FILE: described(values.text.optional(), {
    description: "The path of the file that holds the App's private key.",
    unit: null,
    example: '/etc/gatehouse/app.private-key.pem',
  }),
  GATEHOUSE_GITHUB_WEBHOOK_SECRET: required(values.secretText, {
    description: 'The webhook secret of the App: what GitHub signs its webhooks with.',
    unit: null,
    example: 'a long random text',
    isSecret: true,
  }),
  GATEHOUSE_ADMIN_TOKEN: described(values.tokenText.optional(), {
    description: 'The bearer token of the admin API. Without one the admin API is off.',
    unit: null,
    example: 'another-long-random-text-without-blanks',
    isSecret: true,
    defaultText: 'the admin API is off',
  }),
  GATEHOUSE_HTTP_ALLOW: defaulted(values.origins, '', {
    description:
      'Origins that http jobs may call besides public https ones, as a comma list such as ' +
      'http://127.0.0.1:*,https://*.corp.example. Plain http, loopback and private ranges are ' +
      'refused unless an entry names them.',
    unit: null,
    example: 'http://127.0.0.1:*,https://*.corp.example',
  }),
  GATEHOUSE_PUBLIC_DASHBOARD: defaulted(values.yesOrNo, 'false', {
    description:
      'Whether people who are not signed in see the runs of public repositories. Otherwise they ' +
      'get a sign-in page and no repository names.',
    unit: null,
    example: 'true',
  }),
  GATEHOUSE_OAUTH_CLIENT_ID: described(values.text.optional(), {
    description: 'The client id for signing in to the dashboard with GitHub.',
    unit: null,
    example: 'Iv1.0123456789abcdef',
    defaultText: 'signing in with GitHub is off; the admin token signs in',
  }),
  GATEHOUSE_OAUTH_CLIENT_SECRET: described(values.secretText.optional(), {
    description: 'The client secret that belongs to GATEHOUSE_OAUTH_CLIENT_ID.',
    unit: null,
    example: 'the client secret that GitHub showed',
    isSecret: true,
  }),
  GATEHOUSE_SECRETS_KEY: described(values.secretsKey.optional(), {
    description:
      'The key that encrypts secrets at rest: 32 bytes in base64, such as `openssl rand -base64 ' +
      '32` prints. All processes of one service need the same.',
    unit: '32 bytes, base64',
    example: 'what openssl printed',
    isSecret: true,
    defaultText: 'made once and kept in the data directory',
  }),
  GATEHOUSE_UNSANDBOXED_UNTRUSTED: defaulted(values.yesOrNo, 'false', {
    description:
      'Whether command jobs of approved outside heads may run where no sandbox works. Leave it ' +
      'off unless this machine holds nothing of value.',
    unit: null,
    example: 'false',
  }),
  GATEHOUSE_RUNNER_LABELS: defaulted(values.labels, '', {
    description: 'Labels of this runner, as a comma list: which jobs it takes.',
    unit: null,
    example: 'linux,large',
  }),
  GATEHOUSE_RUNNER_CONCURRENCY: described(values.wholeNumber(1, CONCURRENCY_MAX).optional(), {
    description: 'How many jobs this runner runs at once.',
    unit: 'jobs',
    example: '4',
    defaultText: 'number of cores',
  }),
  GATEHOUSE_LOG_LEVEL: defaulted(values.oneOf(values.logLevels), 'info', {
    description: `The least level that is logged: ${values.logLevels.join(', ')}.`,
    unit: null,
    example: 'debug',
  }),
  GATEHOUSE_ROLES: defaulted(values.roleList, 'all', {
    description: `Which roles this process takes: all, or a comma list of ${values.roles.join(', ')}.`,
    unit: null,
    example: 'ingress,web',
  }),
});

/** Name of the environment variable of a setting. */
export type SettingVariable = keyof typeof settingsSchema.shape;

/** Typed values by variable; optional ones may be undefined. */
export type SettingValues = z.output<typeof settingsSchema>;

/** One row of the table. */
export interface SettingDescription {
  readonly variable: SettingVariable;
  /** Key in the settings file: the variable in lower case without its prefix. */
  readonly fileKey: string;
  readonly description: string;
  /** Null: the value has no unit. */
  readonly unit: string | null;
  readonly example: string;
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  /** In words, or the very value; null: there is none. */
  readonly defaultText: string | null;
}

/** Prefix of every variable. */
export const VARIABLE_PREFIX = 'GATEHOUSE_';

/** All settings, in the order in which documentation lists them. */
export const settingTable: readonly SettingDescription[] = Object.entries(settingsSchema.shape).map(
  ([variable, schema]) => {
    const about = notes.get(schema);
    return {
      variable: variable as SettingVariable, // keys of the shape are its variables
      fileKey: variable.slice(VARIABLE_PREFIX.length).toLowerCase(),
      description: about?.description ?? '',
      unit: about?.unit ?? null,
      example: about?.example ?? '',
      isSecret: about?.isSecret ?? false,
      isRequired: about?.isRequired ?? false,
      defaultText: about?.defaultText ?? null,
    };
  },
);

/**
 * Variables with the prefix that are no settings and may stand in the environment: where the file
 * is, what tests and tools use, and what a command job is given (so that the service can be
 * started from within one).
 */
export const admittedVariables: readonly string[] = [
  'GATEHOUSE_CONFIG',
  'GATEHOUSE_TEST_REDIS_URL',
  'GATEHOUSE_PIPELINE',
  'GATEHOUSE_JOB',
  'GATEHOUSE_BUILD_ID',
  'GATEHOUSE_REPOSITORY',
  'GATEHOUSE_CHANGE',
  'GATEHOUSE_HEAD_SHA',
  'GATEHOUSE_BASE_REF',
  'GATEHOUSE_REF',
  'GATEHOUSE_SHA',
  'GATEHOUSE_VARS_FILE',
  'GATEHOUSE_RETURN_FILE',
];
