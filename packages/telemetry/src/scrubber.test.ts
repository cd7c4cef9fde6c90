import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { createScrubber, createTextScrubber } from './scrubber.ts';

const token = `ghs_${'aB3.'.repeat(15)}`;
const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString();

/** Pushes `text` in pieces of `size` bytes. */
function scrub(text: string, secrets: readonly string[], size: number): string {
  const scrubber = createScrubber(secrets);
  const bytes = Buffer.from(text);
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += size) {
    pieces.push(scrubber.push(bytes.subarray(start, start + size)));
  }
  return Buffer.concat([...pieces, scrubber.end()]).toString();
}

const sizes = [1, 2, 3, 7, 16, 61, 10_000];

test.each(sizes)('tokens do not pass in pieces of %i bytes', (size) => {
  const text = `clone with ${token}\nghs_short stays\nBearer ${'x'.repeat(40)}; done`;

  const shown = scrub(text, [], size);

  expect(shown).toBe('clone with ***\nghs_short stays\nBearer ***; done');
});

test.each(sizes)('a private key does not pass in pieces of %i bytes', (size) => {
  const shown = scrub(`before\n${pem}after\n`, [], size);

  expect(shown).toBe('before\n***\nafter\n');
});

test.each(sizes)('known values do not pass in pieces of %i bytes', (size) => {
  const secrets = ['correct horse', 'pässwörd!', 'first line\nsecond line'];
  const text = 'a correct horse, a correct house, pässwörd!\n> second line\r\n';

  const shown = scrub(text, secrets, size);

  expect(shown).toBe('a ***, a correct house, ***\n> ***\r\n');
});

test('a known value that begins with the shape of a token is taken whole', () => {
  const secret = `${token}!with-more`;

  const shown = scrub(`<${secret}>`, [secret], 5);

  expect(shown).toBe('<***>');
});

test('output without line ends comes out at once', () => {
  const scrubber = createScrubber(['correct horse']);

  const shown = Buffer.from(scrubber.push(Buffer.from('running tests ....'))).toString();

  expect(shown).toBe('running tests ....');
});

test('the beginning of a secret at the end of the output is not shown', () => {
  const shown = scrub('token ghs_0123456789', [], 100);

  expect(shown).toBe('token ***');
});

test('a short rest that may only look like a beginning is shown at the end', () => {
  const shown = scrub('five dogs g', [], 100);

  expect(shown).toBe('five dogs g');
});

test('a private key that never ends does not hide the rest of the log for ever', () => {
  const noise = 'line\n'.repeat(10_000);

  const shown = scrub(`-----BEGIN PRIVATE KEY-----\n${noise}the end\n`, [], 997);

  expect(shown).toMatch(/^\*\*\*/);
  expect(shown).toMatch(/the end\n$/);
  expect(shown.length).toBeGreaterThan(noise.length - 17_000);
});

test('bytes that are no text pass unchanged', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  const scrubber = createScrubber([]);

  const shown = Buffer.concat([scrubber.push(bytes), scrubber.end()]);

  expect(shown).toEqual(Buffer.from(bytes));
});

test('values too short to be told from ordinary words are left alone', () => {
  expect(scrub('the cat sat', ['cat'], 4)).toBe('the cat sat');
});

test('a scrubbed line of JSON stays JSON, line ends of keys escaped', () => {
  const scrubText = createTextScrubber(['quoted "secret"']);
  const line = JSON.stringify({ a: pem, b: 'quoted "secret"', c: `Authorization: Basic ${token}` });

  const shown: unknown = JSON.parse(scrubText(line));

  expect(shown).toEqual({ a: '***\n', b: '***', c: 'Authorization: Basic ***' });
});

test('text from outside with a hundred thousand near misses is scrubbed in no time', () => {
  const scrubText = createTextScrubber(['aaaaaaaaaaaaaaaaaaaaaaaaaab']);
  const text = `${'a'.repeat(100_000)}${'bearer '.repeat(10_000)}${'-----BEGIN '.repeat(10_000)}`;

  const startedAt = performance.now();
  scrubText(text);

  expect(performance.now() - startedAt).toBeLessThan(10_000);
});
