/** Who this App is on its GitHub. */
import { z } from 'zod';
import { type Client, resource } from './http/client.ts';

const theApp = resource('GET /app', z.object({ id: z.number(), slug: z.string() }));

/** The App's number and its name in URLs; it acts as the user `slug[bot]`. */
export interface AppIdentity {
  readonly id: number;
  readonly slug: string;
}

/** The identity, asked for once. */
export interface Identity {
  /** @throws GatehouseError `GATE_GITHUB_REFUSED` when GitHub does not accept the App's key. */
  read(): Promise<AppIdentity>;
  /** What is known without asking. */
  known(): AppIdentity | null;
}

export function createIdentity(app: Client): Identity {
  let known: AppIdentity | null = null;
  return {
    async read() {
      if (known !== null) return known;
      const { id, slug } = await app.readAnew(theApp, {});
      known = { id, slug };
      return known;
    },
    known: () => known,
  };
}

/** The login that the App acts under. */
export function botLogin(identity: AppIdentity): string {
  return `${identity.slug}[bot]`;
}
