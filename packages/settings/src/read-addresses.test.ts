import { expect, test } from 'vitest';
import { readAddresses } from './read-addresses.ts';

const noFile = () => {
  throw new Error('no file is read here');
};

test('the addresses are read before anything about the App is set', () => {
  const env = { GATEHOUSE_PUBLIC_URL: 'https://gatehouse.example.com/' };

  const reading = readAddresses({ env, readFile: noFile });

  expect(reading).toEqual({
    ok: true,
    publicUrl: 'https://gatehouse.example.com',
    githubApiUrl: 'https://api.github.com',
  });
});

test('an address that nobody set is told apart from its default', () => {
  expect(readAddresses({ env: {}, readFile: noFile })).toMatchObject({ publicUrl: null });
});

test('the file is read too, and the environment wins over it', () => {
  const readFile = () =>
    'public_url: https://from.file.example\ngithub_api_url: https://ghe.example/api/v3\n';
  const env = {
    GATEHOUSE_CONFIG: '/g.yaml',
    GATEHOUSE_PUBLIC_URL: 'https://from.environment.example',
  };

  expect(readAddresses({ env, readFile })).toMatchObject({
    publicUrl: 'https://from.environment.example',
    githubApiUrl: 'https://ghe.example/api/v3',
  });
});

test('a wrong address is named; what is wrong elsewhere is not asked about', () => {
  const env = { GATEHOUSE_PUBLIC_URL: 'gatehouse.example.com', GATEHOUSE_PORT: 'many' };

  const reading = readAddresses({ env, readFile: noFile });

  expect(reading).toMatchObject({
    ok: false,
    problems: [{ setting: 'GATEHOUSE_PUBLIC_URL', code: 'invalid' }],
  });
  expect(reading.ok ? [] : reading.problems).toHaveLength(1);
});

test('a settings file that cannot be read is a problem', () => {
  const reading = readAddresses({ env: { GATEHOUSE_CONFIG: '/gone.yaml' }, readFile: noFile });

  expect(reading).toMatchObject({ ok: false, problems: [{ setting: 'GATEHOUSE_CONFIG' }] });
});
