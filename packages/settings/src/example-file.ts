import { stringify } from 'yaml';
import { type SettingDescription, settingTable } from './setting-table.ts';

const LINE_MAX = 96;

const HEADER = `Settings of Gatehouse. Copy this file, change it, and start the service with
GATEHOUSE_CONFIG=path/to/your.yaml npm start

Every setting is also an environment variable: its name in capitals with GATEHOUSE_ in front
(github_app_id is GATEHOUSE_GITHUB_APP_ID). The environment wins over this file. A key that is not
listed here stops the start. Lines that start with "# " and a key are off.`;

/** The annotated example: every setting once, the required ones on, the others commented out. */
export function renderExampleSettings(): string {
  const header = HEADER.split('\n').map(comment).join('\n');
  return [header, ...settingTable.map(renderSetting)].join('\n\n').concat('\n');
}

function renderSetting(setting: SettingDescription): string {
  const facts = [
    setting.isRequired ? 'Required.' : `Default: ${setting.defaultText || 'none'}.`,
    ...(setting.unit === null ? [] : [`Unit: ${setting.unit}.`]),
    ...(setting.isSecret ? ['Secret.'] : []),
  ].join(' ');
  const value = /^\d+$/.test(setting.example) ? Number(setting.example) : setting.example;
  const line = stringify({ [setting.fileKey]: booleanOr(value) }, { lineWidth: 0 }).trimEnd();
  const isOn = setting.isRequired || setting.variable === 'GATEHOUSE_GITHUB_PRIVATE_KEY_FILE';
  return [...wrap(setting.description), ...wrap(facts), isOn ? line : comment(line)].join('\n');
}

function booleanOr(value: string | number): string | number | boolean {
  return value === 'true' || value === 'false' ? value === 'true' : value;
}

function comment(line: string): string {
  return line === '' ? '#' : `# ${line}`;
}

function wrap(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > LINE_MAX) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `#: ${line}`);
}
