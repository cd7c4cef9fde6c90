import { gitFactText } from './facts.ts';

/** One changed file between two trees. */
export interface FileDiff {
  readonly path: string;
  readonly previousPath: string | null;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';
  /** Blob in the new tree, or in the old one for removed files. */
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  /** Unified hunks without the file header; null for binary files. */
  readonly patch: string | null;
}

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const STATUS: Record<string, FileDiff['status']> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};

/** Changed files from `before` (null: the empty tree) to `after`, sorted by path. */
export async function diffFiles(
  dir: string,
  before: string | null,
  after: string,
): Promise<readonly FileDiff[]> {
  const range = [before ?? EMPTY_TREE, after];
  const [changes, patches] = await Promise.all([
    diffCounts(dir, before, after),
    gitFactText(dir, ['diff', '-M', '--no-color', '--src-prefix=a/', '--dst-prefix=b/', ...range]),
  ]);
  const hunks = splitPatches(patches);
  return changes.map((file, index) => ({ ...file, patch: hunks[index] ?? null }));
}

/** The same without patches, for half the price. */
export async function diffCounts(
  dir: string,
  before: string | null,
  after: string,
): Promise<readonly Omit<FileDiff, 'patch'>[]> {
  const range = [before ?? EMPTY_TREE, after];
  const text = await gitFactText(dir, [
    'diff',
    '--raw',
    '--numstat',
    '-z',
    '-M',
    '--no-abbrev',
    ...range,
  ]);
  const { files, rest } = parseRaw(text.split('\0'));
  const counts = parseNumstat(rest);
  return files.map((file, index) => ({
    ...file,
    ...(counts[index] ?? { additions: 0, deletions: 0 }),
  }));
}

type RawFile = Omit<FileDiff, 'additions' | 'deletions' | 'patch'>;

/** Raw entries start with a colon; what follows them is left to the caller. */
function parseRaw(fields: readonly string[]): { files: RawFile[]; rest: readonly string[] } {
  const files: RawFile[] = [];
  let i = 0;
  while ((fields[i] ?? '').startsWith(':')) {
    const [, , oldSha = '', newSha = '', code = 'M'] = (fields[i] ?? '').split(' ');
    const letter = code.charAt(0);
    const isPair = letter === 'R' || letter === 'C';
    const first = fields[i + 1] ?? '';
    files.push({
      path: isPair ? (fields[i + 2] ?? '') : first,
      previousPath: isPair ? first : null,
      status: STATUS[letter] ?? 'changed',
      sha: letter === 'D' ? oldSha : newSha,
    });
    i += isPair ? 3 : 2;
  }
  return { files, rest: fields.slice(i) };
}

function parseNumstat(fields: readonly string[]): { additions: number; deletions: number }[] {
  const counts: { additions: number; deletions: number }[] = [];
  for (let i = 0; i < fields.length; i += 1) {
    const [added, deleted, path] = (fields[i] ?? '').split('\t');
    if (added === undefined || deleted === undefined || path === undefined) continue;
    // A rename has an empty third column and its two paths in the next two fields.
    if (path === '') i += 2;
    // Binary files count as "-".
    counts.push({ additions: Number(added) || 0, deletions: Number(deleted) || 0 });
  }
  return counts;
}

function splitPatches(text: string): (string | null)[] {
  const blocks = text.split(/^diff --git .*$/m).slice(1);
  return blocks.map((block) => {
    const start = block.search(/^@@/m);
    return start === -1 ? null : block.slice(start).replace(/\n$/, '');
  });
}
