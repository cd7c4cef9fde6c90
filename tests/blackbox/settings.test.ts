import { describe, expect, it } from 'vitest';
import { runCli } from './house.ts';

const whole = {
  GATEHOUSE_GITHUB_APP_ID: '1',
  GATEHOUSE_GITHUB_PRIVATE_KEY: 'not a key',
  GATEHOUSE_GITHUB_WEBHOOK_SECRET: 'very-secret-word',
};

describe('starting with wrong settings', () => {
  const cases: readonly [string, Record<string, string>, RegExp][] = [
    ['none at all', {}, /GATEHOUSE_GITHUB_APP_ID[\s\S]*GATEHOUSE_GITHUB_PRIVATE_KEY/],
    [
      'an unknown variable',
      { ...whole, GATEHOUSE_PROT: '1' },
      /GATEHOUSE_PROT[\s\S]*GATEHOUSE_PORT/,
    ],
    ['a wrong type', { ...whole, GATEHOUSE_PORT: 'many' }, /GATEHOUSE_PORT/],
    ['a key that is none', whole, /GATEHOUSE_GITHUB_PRIVATE_KEY/],
  ];

  for (const [name, environment, message] of cases) {
    it(`stops with one message that names the setting: ${name}`, async () => {
      const { code, output } = await runCli(['serve'], environment);

      expect(code).toBe(1);
      expect(output).toMatch(message);
      expect(output).not.toContain('very-secret-word');
      expect(output).not.toContain('    at ');
    });
  }
});
