/**
 * What git says about full object ids never changes, so each such question is asked once. The
 * memory is bounded, and a question that failed is forgotten.
 */
import { type GitOutput, tryGit } from './run.ts';

const FACTS_MAX = 2_000;
const BYTES_MAX = 256 * 1024;
const facts = new Map<string, Promise<GitOutput>>();

/** Runs git, or remembers; only for arguments that name objects by their full ids. */
export function gitFact(dir: string, args: readonly string[]): Promise<GitOutput> {
  const key = [dir, ...args].join('\0');
  const known = facts.get(key);
  if (known !== undefined) return known;
  const asked = tryGit(dir, args);
  facts.set(key, asked);
  const forget = () => facts.delete(key);
  asked.then((output) => {
    // 1 is an answer of merge-base and merge-tree; elsewhere something may still come to be.
    const isAnswer = output.code === 1 && (args[0] ?? '').startsWith('merge-');
    const isFailure = output.code !== 0 && !isAnswer;
    if (isFailure || output.stdout.length > BYTES_MAX) forget();
  }, forget);
  if (facts.size > FACTS_MAX) {
    const oldest = facts.keys().next();
    if (oldest.done !== true) facts.delete(oldest.value);
  }
  return asked;
}

/** The output as text. @throws Error when git failed. */
export async function gitFactText(dir: string, args: readonly string[]): Promise<string> {
  const output = await gitFact(dir, args);
  if (output.code !== 0) throw new Error(`git ${args.join(' ')}: ${output.stderr.trim()}`);
  return output.stdout.toString('utf8').replace(/\n$/, '');
}
