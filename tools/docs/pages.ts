/** Every page that is made from something else: its path, and its text as it should be. */
import { renderLicencesPage } from './licences-page.ts';
import { renderSettingsPage } from './settings-page.ts';

/** A made page. */
export interface MadePage {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

/** @param root of the workspace, with its packages installed */
export function madePages(root: string): readonly MadePage[] {
  return [
    { path: 'docs/licences.md', text: renderLicencesPage(root) },
    { path: 'docs/operating/settings.md', text: renderSettingsPage() },
  ];
}
