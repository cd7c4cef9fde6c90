import { describe, expect, test } from 'vitest';
import { plainScalar } from './scalars.ts';

describe('an unquoted word means what Zuul takes it for', () => {
  test.each([
    ['yes', true],
    ['Yes', true],
    ['on', true],
    ['TRUE', true],
    ['no', false],
    ['Off', false],
    ['false', false],
    ['y', 'y'],
    ['n', 'n'],
    ['yES', 'yES'],
    ['', null],
    ['~', null],
    ['Null', null],
    ['nUll', 'nUll'],
    ['0', 0],
    ['12', 12],
    ['-7', -7],
    ['+7', 7],
    ['1_000', 1000],
    ['0644', 420],
    ['08', '08'],
    ['0x1F', 31],
    ['0b101', 5],
    ['0b_', '0b_'],
    ['1:30', 90],
    ['-1:30', -90],
    ['3.10', 3.1],
    ['.5', 0.5],
    ['1e3', '1e3'],
    ['1.5e+3', 1500],
    ['1.2.3', '1.2.3'],
    ['.inf', '.inf'],
    ['2026-01-02', '2026-01-02'],
    ['9007199254740993', '9007199254740993'],
    ['npm test', 'npm test'],
  ])('%j is %j', (text, value) => {
    expect(plainScalar(text)).toBe(value);
  });
});
