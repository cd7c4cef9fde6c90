/** Every page that is made from something else: its path, and its text as it should be. */
import { configurationSchema } from '@gatehouse/layout';
import { renderConfigurationPage } from './configuration-page.ts';
import { renderLicencesPage } from './licences-page.ts';
import { renderMetricsPage } from './metrics-page.ts';
import { renderSettingsPage } from './settings-page.ts';

/** A made page. */
export interface MadePage {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

/** @param root of the workspace, with its packages installed */
export async function madePages(root: string): Promise<readonly MadePage[]> {
  return [
    {
      path: 'config/gatehouse.schema.json',
      text: `${JSON.stringify(configurationSchema(), null, 2)}\n`,
    },
    { path: 'docs/configuration.md', text: renderConfigurationPage() },
    { path: 'docs/licences.md', text: renderLicencesPage(root) },
    { path: 'docs/operating/metrics.md', text: await renderMetricsPage() },
    { path: 'docs/operating/settings.md', text: renderSettingsPage() },
  ];
}
