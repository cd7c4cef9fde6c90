import type { OriginMatcher } from './origin-matcher.ts';
import type { LogLevel, Role } from './value-schemas.ts';

/** Everything an operator decides, checked and typed. Holds secrets: never log it. */
export interface Settings {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /**
   * Base of every reported link, without a slash at its end. When `isPublicUrlDefault`, it is
   * `http://localhost:PORT` and has to follow the port that was really taken.
   */
  readonly publicUrl: string;
  readonly isPublicUrlDefault: boolean;
  /** Null: an embedded server is to be started. A secret when it carries a password. */
  readonly redisUrl: string | null;
  /** Absolute path. */
  readonly dataDir: string;
  /** Without a slash at its end. */
  readonly githubApiUrl: string;
  readonly githubAppId: number;
  /** PKCS#8 PEM. A secret. */
  readonly githubPrivateKey: string;
  /** A secret. */
  readonly githubWebhookSecret: string;
  /** Null: the admin API is off. A secret. */
  readonly adminToken: string | null;
  readonly httpAllow: readonly OriginMatcher[];
  readonly isDashboardPublic: boolean;
  /** Null: signing in with GitHub is off. */
  readonly oauth: { readonly clientId: string; readonly clientSecret: string } | null;
  /** 32 bytes; null: the data directory's key is to be used. A secret. */
  readonly secretsKey: Uint8Array | null;
  readonly runsUntrustedUnsandboxed: boolean;
  readonly runnerLabels: readonly string[];
  /** At least 1. */
  readonly runnerConcurrency: number;
  readonly logLevel: LogLevel;
  /** In the order in which they are started, each once; at least one. */
  readonly roles: readonly Role[];
}

/** The values of `settings` that may never be shown, for scrubbing them from output. */
export function secretValues(settings: Settings): readonly string[] {
  const { redisUrl, secretsKey } = settings;
  const password = redisUrl === null ? '' : (URL.parse(redisUrl)?.password ?? '');
  return [
    settings.githubPrivateKey,
    settings.githubWebhookSecret,
    settings.adminToken ?? '',
    settings.oauth?.clientSecret ?? '',
    secretsKey === null ? '' : Buffer.from(secretsKey).toString('base64'),
    password,
    decodeURIComponent(password),
  ].filter((value) => value !== '');
}
