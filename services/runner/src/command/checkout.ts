/** Puts the speculative state of a change into a workspace. */
import { GatehouseError, kindOf, type SpeculativeState } from '@gatehouse/model';
import type { CheckoutAccess } from '@gatehouse/ports';
import { messageOf } from '../words.ts';
import { addressOf, type GitSetting, runGit } from './git.ts';

/** How far a ref is followed back, step by step, before its whole history is fetched. */
const DEPTHS = ['--depth=1', '--depth=50', '--unshallow'] as const;

/** Ended: somebody stopped it. */
export type CheckoutEnd =
  | { readonly code: 'done' }
  | { readonly code: 'aborted' }
  | { readonly code: 'failed'; readonly detail: string };

/** Fetches exactly the state's commit and checks it out, detached. */
export async function checkOut(setting: GitSetting, state: SpeculativeState): Promise<CheckoutEnd> {
  const { output, access } = setting;
  await output.line(`Checkout of ${state.ref} at ${state.sha}`);
  const steps: readonly (readonly string[])[] = [
    ['init', '--quiet'],
    ['remote', 'add', 'origin', addressOf(access)],
  ];
  for (const step of steps) {
    const end = await runGit(setting, step);
    if (!end.ok) return failed(end.said, end.isAborted);
  }
  const fetched = await fetchState(setting, state);
  if (fetched.code !== 'done') return fetched;
  const end = await runGit(setting, ['checkout', '--quiet', '--detach', state.sha]);
  return end.ok ? { code: 'done' } : failed(end.said, end.isAborted);
}

/** By the commit's name; a server that refuses that is asked for the ref instead. */
async function fetchState(setting: GitSetting, state: SpeculativeState): Promise<CheckoutEnd> {
  const common = ['fetch', '--quiet', '--no-tags', '--no-progress'];
  const bySha = await runGit(setting, [...common, '--depth=1', 'origin', state.sha]);
  if (bySha.ok) return { code: 'done' };
  if (bySha.isAborted) return { code: 'aborted' };
  await setting.output.line(`The server did not give ${state.sha} by name; fetching ${state.ref}`);
  let said = bySha.said;
  for (const depth of DEPTHS) {
    const end = await runGit(setting, [...common, depth, 'origin', state.ref]);
    if (!end.ok && end.isAborted) return { code: 'aborted' };
    // A history that is whole already cannot be made whole: then the commit is not in it.
    if (!end.ok) return failed(depth === '--unshallow' ? said : end.said, false);
    const found = await runGit(setting, ['cat-file', '-e', `${state.sha}^{commit}`]);
    if (found.ok) return { code: 'done' };
    said = `${state.ref} does not hold ${state.sha} any more`;
  }
  return failed(said, false);
}

/** Access to the repository, or why there is none. */
export async function openAccess(
  open: () => Promise<CheckoutAccess>,
): Promise<CheckoutAccess | { readonly detail: string }> {
  try {
    return await open();
  } catch (error) {
    const isOurs = error instanceof GatehouseError && kindOf(error) !== 'invariant';
    const why = isOurs ? error.message : messageOf(error);
    return { detail: `checkout failed: no access to the repository (${why})` };
  }
}

function failed(said: string, isAborted: boolean): CheckoutEnd {
  return isAborted ? { code: 'aborted' } : { code: 'failed', detail: `checkout failed: ${said}` };
}
