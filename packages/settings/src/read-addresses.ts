/**
 * The two addresses that are needed before there is an App: nothing else has to be set yet, and
 * what else is set may still be wrong.
 */
import type { SettingsProblem } from './problems.ts';
import { invalid, mergeSources, openFile, type SettingsSources } from './read-settings.ts';
import { settingsSchema, settingTable } from './setting-table.ts';

/** The addresses, or everything that is wrong with them. */
export type AddressesReading =
  | {
      readonly ok: true;
      /** Without a slash at its end; null: it is not set. */
      readonly publicUrl: string | null;
      /** Without a slash at its end. */
      readonly githubApiUrl: string;
    }
  | { readonly ok: false; readonly problems: readonly SettingsProblem[] };

const addressSchema = settingsSchema.pick({
  GATEHOUSE_PUBLIC_URL: true,
  GATEHOUSE_GITHUB_API_URL: true,
});

/** Reads them from the environment and the settings file. Never throws. */
export function readAddresses(sources: SettingsSources): AddressesReading {
  const file = openFile(sources);
  const raw = mergeSources(sources, file.values);
  const problems = [...file.problems];
  const parsed = addressSchema.safeParse(
    Object.fromEntries([...raw].map(([variable, { value }]) => [variable, value])),
  );
  for (const issue of parsed.error?.issues ?? []) {
    const setting = settingTable.find((candidate) => candidate.variable === issue.path[0]);
    const given = setting && raw.get(setting.variable);
    if (setting && given) problems.push(invalid(setting, given, issue.message));
  }
  if (problems.length > 0 || !parsed.success) return { ok: false, problems };
  return {
    ok: true,
    publicUrl: parsed.data.GATEHOUSE_PUBLIC_URL ?? null,
    githubApiUrl: parsed.data.GATEHOUSE_GITHUB_API_URL,
  };
}
