import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { renderExampleSettings } from './example-file.ts';
import { renderSettingsProblems } from './problems.ts';
import { readSettings } from './read-settings.ts';
import { settingTable } from './setting-table.ts';

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString();

/** The settings that a file with this text gives, with nothing in the environment. */
function load(text: string) {
  const reading = readSettings({
    env: { GATEHOUSE_CONFIG: '/g.yaml' },
    readFile: (path) => (path === '/g.yaml' ? text : pem),
  });
  if (!reading.ok) throw new Error(renderSettingsProblems(reading.problems));
  return reading.settings;
}

test('the annotated example stands in the repository as it is rendered', async () => {
  await expect(renderExampleSettings()).toMatchFileSnapshot(
    '../../../config/gatehouse.example.yaml',
  );
});

test('the annotated example loads as it stands', () => {
  const settings = load(renderExampleSettings());

  expect(settings).toMatchObject({ githubAppId: 123456, port: 8080 });
});

test('the annotated example holds every setting once, and each of its values is accepted but the keys', () => {
  const everything = renderExampleSettings().replaceAll(/^# (?=[a-z_]+: )/gm, '');
  const key = Buffer.alloc(32, 1).toString('base64');
  const text = everything
    .replace(/^github_private_key: .*$/m, '')
    .replace(/^secrets_key: .*$/m, `secrets_key: ${key}`);

  const settings = load(text);

  expect(settings.oauth).not.toBeNull();
  const keys = [...everything.matchAll(/^([a-z_]+): /gm)].map((match) => match[1]);
  expect(keys).toEqual(settingTable.map((setting) => setting.fileKey));
});

test('every setting is described in one or more sentences', () => {
  for (const setting of settingTable) {
    expect(setting.description, setting.variable).toMatch(/^[A-Z].*\.$/);
    expect(setting.example, setting.variable).not.toBe('');
  }
});
