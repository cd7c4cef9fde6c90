import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildResults, type Reason } from '@gatehouse/model';
import { expect, test } from 'vitest';
import { hasReasonText, outcomeText, reasonText, resultText, trustText } from './reason-text.ts';

const sha = 'a'.repeat(40);
/** From this folder. */
const LAYOUT = '../../layout/src/resolve';

test('every code that the engine gives as a reason has a sentence of its own', () => {
  const codes = codesOfTheEngine();

  const silent = codes.filter((code) => !hasReasonText(code));

  expect(codes.length).toBeGreaterThan(40);
  expect(silent).toEqual([]);
});

test('every sentence reads to its end whatever was seen', () => {
  const seens = [undefined, null, '', 'x', true, false, 3, [], ['a', 'b'], { login: 'ada' }];
  const texts = codesOfTheEngine().flatMap((code) =>
    seens.map((seen) => {
      const reason = { code, subject: 'check' };
      return reasonText(seen === undefined ? reason : { ...reason, seen });
    }),
  );

  const broken = texts.filter((text) => /undefined|\[object|null\b/.test(text) || text === '');

  expect(broken).toEqual([]);
});

test('a failed job is named with what became of it', () => {
  const reason = { code: 'job-failed', subject: 'unit', seen: 'TIMED_OUT' };

  expect(reasonText(reason)).toBe('Job unit timed out.');
});

test('a head without trust says who has to do what', () => {
  const text = reasonText({ code: 'head-not-trusted', subject: sha, seen: 'mallory' });

  expect(text).toMatchInlineSnapshot(
    `"Commit aaaaaaaa by mallory has to be approved before it may run: somebody with write access, other than the author, presses "Approve and run" or approves exactly this commit."`,
  );
});

test('an unmet condition says what the change has to be', () => {
  const draft = { code: 'requires-draft', subject: 'gate', seen: true, expected: false };
  const label = { code: 'requires-label', subject: 'gate', seen: [], expected: 'ready' };

  expect(reasonText(draft)).toBe('gate: the change has to be ready for review.');
  expect(reasonText(label)).toBe('gate: the change has to carry the label ready.');
});

test('a refused condition says what stands in the way', () => {
  const review = { code: 'rejects-review', subject: 'gate', seen: 'changes_requested by bob' };

  expect(reasonText(review)).toBe(
    'gate refuses the change because it has a review that is refused (changes_requested by bob).',
  );
});

test('a job that was left out says which files or branch decided it', () => {
  const seen = { count: 7, first: ['README.md', 'docs/a.md'] };
  const files = { code: 'job-files-not-matched', subject: 'unit', seen, expected: ['^src/'] };
  const branch = { code: 'job-branch-not-matched', subject: 'unit', seen: 'topic' };
  const parent = { ...branch, expected: 'base-unit' };

  expect([files, branch, parent].map(reasonText)).toEqual([
    'Job unit does not run: none of README.md, docs/a.md and 5 more matches ^src/.',
    'Job unit does not run: it is not for the branch topic.',
    'Job unit does not run: base-unit, which it inherits from, is not for the branch topic.',
  ]);
});

test('a missed trigger names the attribute, what it was and what it would have to be', () => {
  const reason: Reason = {
    code: 'trigger-branch-differs',
    subject: 'check',
    seen: 'topic',
    expected: ['main', 'stable'],
  };

  expect(reasonText(reason)).toBe(
    'The pipeline check asks for branch main or stable, and it is topic.',
  );
});

test('a code that is not known is still told with what it is about', () => {
  expect(reasonText({ code: 'file-not-matched', subject: 'docs' })).toBe('file not matched: docs');
  expect(reasonText({ code: 'constructor', subject: 'docs' })).toBe('constructor: docs');
});

test('every outcome, result and ground of trust has words', () => {
  expect(outcomeText('action-required')).toBe('Waiting for approval');
  expect(buildResults.map(resultText).every((text) => text.length > 3)).toBe(true);
  expect(trustText({ isTrusted: true, ground: { code: 'head-in-base' } })).toContain('itself');
  expect(trustText({ isTrusted: false, author: 'eve', authorPermission: 'read' })).toBe(
    'eve has read access, so this commit needs an approval to run.',
  );
});

/** Reads the codes off the sources, so that a new one cannot be forgotten here. */
function codesOfTheEngine(): readonly string[] {
  const root = import.meta.dirname;
  // The layout says why jobs are chosen; its problems carry codes too, but with their own words.
  const chosen = readdirSync(join(root, LAYOUT), { encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file) && !/\.test\.ts$/.test(file))
    .map((file) => join(LAYOUT, file));
  const own = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    // Grounds of trust and outcomes of preparing carry codes too, but they are not reasons.
    (file) =>
      /\.ts$/.test(file) && !/(\.test|^trust|^events|^reason-text)\.ts$|^testing\//.test(file),
  );
  const found = [...own, ...chosen].flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8').replaceAll(/Extract<[^>]*>/g, '');
    const plain = [...text.matchAll(/\bcode: '([a-z-]+)'/g)].map((match) => match[1] ?? '');
    const flags = /\bcode: `(requires|rejects)-/.test(text) ? conditionCodes(text) : [];
    const misses = /\bcode: `trigger-/.test(text) ? triggerCodes(text) : [];
    return [...plain, ...flags, ...misses];
  });
  return [...new Set(found)].sort();
}

function conditionCodes(text: string): readonly string[] {
  const flags = [...text.matchAll(/^ {4}\['([a-z-]+)', requirement\./gm)].map((m) => m[1] ?? '');
  const rejected = [...text.matchAll(/rejected\(pipeline, '([a-z]+)'/g)].map((m) => m[1] ?? '');
  return [...new Set([...flags, ...rejected])].flatMap((n) => [`requires-${n}`, `rejects-${n}`]);
}

function triggerCodes(text: string): readonly string[] {
  const listed = [...text.matchAll(/^ {4}\['([a-z]+)', filter\./gm)].map((m) => m[1] ?? '');
  const named = [...text.matchAll(/attribute: '([a-z]+)'/g)].map((m) => m[1] ?? '');
  return [...listed, ...named].map((name) => `trigger-${name}-differs`);
}
