/** What to do when there is nothing to see. */

const EXAMPLE = `- job:
    name: unit
    run: npm test
- project:
    check: {jobs: [unit]}`;

/** @param props `isStranger`: there may be runs that only others see */
export function Empty({ isStranger }: { readonly isStranger: boolean }) {
  return (
    <section class="panel empty" aria-labelledby="empty-title">
      <h2 id="empty-title">No runs yet</h2>
      <p>Three steps lead to the first one, and it appears here by itself:</p>
      <ol>
        <li>Install the GitHub App on a repository.</li>
        <li>
          Put a <code>.gatehouse.yaml</code> on its default branch that names jobs:
          <pre>{EXAMPLE}</pre>
        </li>
        <li>
          Open a pull request there, or comment <code>recheck</code> on one that is open.
        </li>
      </ol>
      {isStranger && <p class="quiet">Until you sign in, only public repositories are shown.</p>}
    </section>
  );
}
