import { expect, test } from 'vitest';
import { APP_NAME_LENGTH_MAX, registrationUrl } from '../github-app/manifest.ts';
import { manifestOutput } from './app-manifest.ts';

const url = 'https://gatehouse.example.com';

function manifestOf(...given: Parameters<typeof manifestOutput>) {
  const output = manifestOutput(...given);
  if (!output.ok) throw new Error(output.complaint);
  return JSON.parse(output.result);
}

function complaintOf(...given: Parameters<typeof manifestOutput>): string {
  const output = manifestOutput(...given);
  if (output.ok) throw new Error(`nothing was complained about:\n${output.result}`);
  return output.complaint;
}

test('the manifest holds what GitHub asks for, and no secret', () => {
  const manifest = manifestOf({ url, org: 'acme' }, {});

  expect(manifest).toMatchObject({
    name: 'Gatehouse of acme',
    url,
    hook_attributes: { url: `${url}/webhooks/github`, active: true },
    redirect_url: `${url}/`,
    public: false,
    default_permissions: { checks: 'write', contents: 'write', metadata: 'read' },
  });
  expect(manifest.default_events).toContain('pull_request');
  expect(Object.keys(manifest).sort()).toEqual([
    'default_events',
    'default_permissions',
    'description',
    'hook_attributes',
    'name',
    'public',
    'redirect_url',
    'url',
  ]);
});

test('the address comes from the settings when no option gives one', () => {
  const manifest = manifestOf({}, { GATEHOUSE_PUBLIC_URL: 'https://from.settings.example/gate/' });

  expect(manifest.url).toBe('https://from.settings.example/gate');
});

test('the option wins over the settings', () => {
  const manifest = manifestOf({ url }, { GATEHOUSE_PUBLIC_URL: 'https://from.settings.example' });

  expect(manifest.url).toBe(url);
});

test('a minimal App asks for nothing optional', () => {
  const manifest = manifestOf({ url, minimal: true }, {});

  expect(Object.keys(manifest.default_permissions)).not.toContain('workflows');
  expect(Object.keys(manifest.default_permissions)).not.toContain('merge_queues');
  expect(manifest.default_events).not.toContain('merge_group');
});

test('the name of a long organisation is cut to what GitHub takes', () => {
  const manifest = manifestOf({ url, org: 'a'.repeat(39) }, {});

  expect(manifest.name).toHaveLength(APP_NAME_LENGTH_MAX);
});

test('the hint beside the JSON says where it goes', () => {
  const output = manifestOutput({ url, org: 'acme' }, {});

  expect(output.ok && output.hint).toContain(
    'https://github.com/organizations/acme/settings/apps/new',
  );
});

test.each([
  ['https://api.github.com', null, 'https://github.com/settings/apps/new'],
  ['https://api.github.com', 'acme', 'https://github.com/organizations/acme/settings/apps/new'],
  ['https://ghe.example/api/v3', null, 'https://ghe.example/settings/apps/new'],
  ['https://api.ghe.example/api/v3', null, 'https://api.ghe.example/settings/apps/new'],
  ['https://api.acme.ghe.com', null, 'https://acme.ghe.com/settings/apps/new'],
])('for the API %s and the owner %s the App is registered at %s', (api, org, expected) => {
  expect(registrationUrl(api, org)).toBe(expected);
});

test('the page posts the very manifest that the JSON shows', () => {
  const name = `"Gate" & <b>'house'</b>`;
  const output = manifestOutput({ url, name, html: true }, {});
  const page = output.ok ? output.result : '';

  const sent = /name="manifest" value="([^"]*)"/.exec(page)?.[1] ?? '';
  const plain = sent
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

  expect(JSON.parse(plain)).toEqual(manifestOf({ url, name }, {}));
  expect(page).toContain('<form action="https://github.com/settings/apps/new" method="post">');
  expect(page).not.toContain('<b>');
  expect(page).not.toContain('<script');
});

test('the page says how the App becomes settings, at the GitHub that the settings name', () => {
  const env = { GATEHOUSE_GITHUB_API_URL: 'https://ghe.example/api/v3' };
  const output = manifestOutput({ url, html: true }, env);

  expect(output.ok && output.result).toContain(
    'https://ghe.example/api/v3/app-manifests/CODE/conversions',
  );
});

test('without an address there is no manifest', () => {
  expect(complaintOf({}, {})).toMatch(/--url .* GATEHOUSE_PUBLIC_URL/);
});

test.each(['gatehouse.example.com', 'ftp://gatehouse.example.com', 'https://u:p@x', ' '])(
  '%j is not an address',
  (address) => {
    expect(complaintOf({ url: address }, {})).toMatch(/^--url must be an address/);
  },
);

test.each([
  'http://localhost:8080',
  'http://127.0.0.1:8080',
  'http://[::1]:8080',
  'http://gatehouse.localhost',
])('%s is an address that GitHub cannot reach', (address) => {
  expect(complaintOf({ url: address }, {})).toContain('only this machine knows');
});

test.each(['-acme', 'acme/api', 'a--b', '', 'ä', 'a'.repeat(40)])(
  '%j is not an organisation',
  (org) => {
    expect(complaintOf({ url, org }, {})).toMatch(/^--org must be/);
  },
);

test.each(['', '  ', 'a\nb', 'a'.repeat(APP_NAME_LENGTH_MAX + 1)])('%j is not a name', (name) => {
  expect(complaintOf({ url, name }, {})).toMatch(/^--name must be/);
});

test('a wrong setting is named as the service itself would name it', () => {
  const complaint = complaintOf({ url }, { GATEHOUSE_GITHUB_API_URL: 'ghe.example' });

  expect(complaint).toContain('GATEHOUSE_GITHUB_API_URL');
});
