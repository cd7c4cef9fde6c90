/** The reference page of the settings, from the table that also reads and checks them. */
import { type SettingDescription, settingTable } from '@gatehouse/settings';

const head = `# Settings

Made by \`node tools/docs/write-pages.ts\` from the table in \`packages/settings\`; a test keeps the
two equal.

Every setting is an environment variable, and a key in the settings file that \`GATEHOUSE_CONFIG\`
names ([an annotated example](../../config/gatehouse.example.yaml)). The environment wins. An unknown
key or \`GATEHOUSE_…\` variable, a value of the wrong form or a missing required setting stops the start
with one message that names each of them. Secrets are never printed or logged.
`;

/** The whole page, as Markdown. */
export function renderSettingsPage(): string {
  return `${[head.trimEnd(), overview(), ...settingTable.map(section)].join('\n\n')}\n`;
}

function overview(): string {
  const rows = settingTable.map((setting) => {
    const anchor = setting.variable.toLowerCase();
    return `| [\`${setting.variable}\`](#${anchor}) | ${standing(setting)} |`;
  });
  return ['| setting | default |', '| --- | --- |', ...rows].join('\n');
}

function section(setting: SettingDescription): string {
  const facts = [
    `- Key in the file: \`${setting.fileKey}\``,
    `- ${setting.isRequired ? 'Required' : `Default: ${standing(setting)}`}`,
    ...(setting.unit === null ? [] : [`- Unit: ${setting.unit}`]),
    ...(setting.isSecret ? ['- Secret'] : []),
    `- Example: \`${setting.example}\``,
  ];
  return [`## ${setting.variable}`, wrap(setting.description), facts.join('\n')].join('\n\n');
}

function standing({ isRequired, defaultText }: SettingDescription): string {
  return isRequired ? '**required**' : defaultText || 'none';
}

const lineMax = 100;

function wrap(text: string): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > lineMax) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n');
}
