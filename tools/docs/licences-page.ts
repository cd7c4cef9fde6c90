/** The page that lists the licences of what the product stands on. */
import { type InstalledPackage, installedPackages } from './installed-packages.ts';

const head = `# Licences

Made by \`node tools/docs/write-pages.ts\` from the installed packages; a test keeps the two equal.

Gatehouse is under the [Apache License 2.0](../LICENSE). This page lists the packages of others that
it runs with, with the licence each of them names; the texts lie in the packages themselves. Tools
that only build, check or test it are not listed, nor are optional parts for one platform alone.
Redis or Valkey, git and bubblewrap are programs of their own and are not part of Gatehouse.`;

/** The whole page, as Markdown. @param root of the workspace */
export function renderLicencesPage(root: string): string {
  const all = installedPackages(root);
  const direct = all.filter(({ usedBy }) => usedBy.length > 0);
  const further = all.filter(({ usedBy }) => usedBy.length === 0);
  return `${[
    head,
    '## Used by the code itself',
    table(['package', 'version', 'licence', 'used in'], direct.map(directRow)),
    '## Brought along by those',
    table(['licence', 'packages'], byLicence(further)),
  ].join('\n\n')}\n`;
}

function directRow({ name, version, licence, usedBy }: InstalledPackage): readonly string[] {
  const rooms = usedBy.map((room) => `\`${room}\``).join(', ');
  return [`\`${name}\``, version, licence, rooms];
}

function byLicence(packages: readonly InstalledPackage[]): readonly (readonly string[])[] {
  const licences = [...new Set(packages.map(({ licence }) => licence))].sort();
  return licences.map((licence) => {
    const names = packages
      .filter((one) => one.licence === licence)
      .map(({ name, version }) => `${name} ${version}`);
    return [licence, names.join(', ')];
  });
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}
