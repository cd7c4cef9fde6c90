/**
 * The manifest with which GitHub registers the App in one step.
 * Source: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
 */
import { appEvents, appPermissions, type PermissionLevel } from './permissions.ts';
import { manifestWords } from './words.ts';

/** What GitHub is sent, in its own words; `hook_attributes` needs its `url` whenever it is there. */
export interface AppManifest {
  readonly name: string;
  readonly description: string;
  readonly url: string;
  readonly hook_attributes: { readonly url: string; readonly active: boolean };
  /** Where GitHub sends the browser with the code that gives out the App's secrets once. */
  readonly redirect_url: string;
  readonly public: boolean;
  readonly default_permissions: Readonly<Record<string, PermissionLevel>>;
  readonly default_events: readonly string[];
}

/** What decides about a manifest. */
export interface ManifestOptions {
  /** Without a slash at its end. */
  readonly publicUrl: string;
  readonly name: string;
  /** True: without the permissions and events that Gatehouse can do without. */
  readonly isMinimal: boolean;
}

/** Path of the webhook route, as contracts promise it. */
export const WEBHOOK_PATH = '/webhooks/github';

/** GitHub refuses longer names of Apps, in characters. */
export const APP_NAME_LENGTH_MAX = 34;

/** The manifest of this version's App. */
export function appManifest({ publicUrl, name, isMinimal }: ManifestOptions): AppManifest {
  const isAsked = ({ isOptional }: { readonly isOptional: boolean }): boolean =>
    !(isMinimal && isOptional);
  return {
    name,
    description: manifestWords.description,
    url: publicUrl,
    hook_attributes: { url: `${publicUrl}${WEBHOOK_PATH}`, active: true },
    redirect_url: `${publicUrl}/`,
    public: false,
    default_permissions: Object.fromEntries(
      appPermissions.filter(isAsked).map(({ key, level }) => [key, level]),
    ),
    default_events: appEvents.filter(isAsked).map((event) => event.name),
  };
}

/** Where people's browsers find the GitHub whose REST address is `apiUrl`. */
export function webUrlOf(apiUrl: string): string {
  const { protocol, host, pathname } = new URL(apiUrl);
  // GitHub.com and data-residency tenants keep the API on a host of its own.
  const isOwnHost = host.startsWith('api.') && pathname === '/';
  return `${protocol}//${isOwnHost ? host.slice('api.'.length) : host}`;
}

/** The page that takes a manifest by POST. @param org null: the App belongs to whoever is signed in */
export function registrationUrl(apiUrl: string, org: string | null): string {
  const path = org === null ? '/settings/apps/new' : `/organizations/${org}/settings/apps/new`;
  return `${webUrlOf(apiUrl)}${path}`;
}
