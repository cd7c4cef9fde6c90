/** What a run is about and why it was made. */
import type { BuildsetBody } from '@gatehouse/contracts';
import { changeName, shortRef, shortSha, webLink } from '../view/change.ts';

/** Beside the jobs on wide screens. */
export function Facts({ run }: { readonly run: BuildsetBody }) {
  const { change } = run;
  return (
    <section class="panel facts" aria-labelledby="facts">
      <h2 id="facts">About</h2>
      <dl>
        <dt>Branch</dt>
        <dd>
          <Branches run={run} />
        </dd>
        <dt>Commit</dt>
        <dd>
          <Sha sha={change.head_sha} />
        </dd>
        {run.tested_sha !== null && run.tested_sha !== change.head_sha && (
          <>
            <dt>Tested as</dt>
            <dd>
              <Sha sha={run.tested_sha} />
            </dd>
          </>
        )}
        <dt>Trigger</dt>
        <dd>
          <bdi>{run.cause}</bdi>
        </dd>
        <dt>Trust</dt>
        <dd>{run.trust.text}</dd>
        <dt>Run</dt>
        <dd>
          <code>{run.id}</code>
        </dd>
      </dl>
    </section>
  );
}

/** The change's name, leading to where it is proposed. */
export function ChangeLink({ run }: { readonly run: BuildsetBody }) {
  const name = <bdi>{changeName(run.change)}</bdi>;
  const href = webLink(run.change.url);
  return href === null ? name : <a href={href}>{name}</a>;
}

function Branches({ run }: { readonly run: BuildsetBody }) {
  const { head_ref, ref } = run.change;
  return (
    <>
      {head_ref !== null && (
        <>
          <bdi>
            <code>{head_ref}</code>
          </bdi>
          {' → '}
        </>
      )}
      <bdi>
        <code>{shortRef(ref)}</code>
      </bdi>
    </>
  );
}

function Sha({ sha }: { readonly sha: string }) {
  return <code title={sha}>{shortSha(sha)}</code>;
}
