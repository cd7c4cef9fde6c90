/** One job of a run, with its log. */
import type { BuildBody } from '@gatehouse/contracts';
import { useHeading, useSeen, useTitle } from '../hooks.ts';
import { LogView } from '../log/log-view.tsx';
import { Crumbs } from '../parts/crumbs.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { Ago, Elapsed } from '../parts/times.tsx';
import { changeName, changeTitle, webLink } from '../view/change.ts';
import { notesOf } from '../view/notes.ts';
import { statusOfBuild } from '../view/status.ts';
import { NotFound, Waiting } from './not-found.tsx';

/** @param props `id` of the build */
export function BuildPage({ id }: { readonly id: string }) {
  const { state, body } = useSeen<BuildBody>(`builds/${encodeURIComponent(id)}`);
  if (state === 'missing') return <NotFound what="job" />;
  return body === null ? <Waiting isAway={state === 'away'} /> : <Job {...body} />;
}

function Job({ build, buildset }: BuildBody) {
  const heading = useHeading();
  const name = changeName(buildset.change);
  const status = statusOfBuild(build);
  const begun = build.started_at_ms ?? build.launched_at_ms;
  useTitle(`${status.word}: ${build.job} of ${name}`);
  return (
    <>
      <Crumbs
        tenant={buildset.tenant}
        pipeline={buildset.pipeline}
        run={{ id: buildset.id, name }}
      />
      <div>
        <div class="run-head">
          <StatusMark status={status} size="large" />
          <h1 ref={heading} tabIndex={-1}>
            <bdi>{build.job}</bdi>
          </h1>
        </div>
        <p class="quiet job-facts">
          <bdi>{changeTitle(buildset.change)}</bdi>
          {begun !== null && (
            <>
              <span>
                began <Ago at={begun} />
              </span>
              <span>
                {build.finished_at_ms === null ? 'running for ' : 'took '}
                <Elapsed from={begun} to={build.finished_at_ms} />
              </span>
            </>
          )}
          {notesOf(build).map((note) => (
            <span key={note}>{note}</span>
          ))}
        </p>
      </div>
      <section class="log-section" aria-label="Log">
        {build.has_log ? (
          <LogView key={build.attempt} build={build} run={buildset} isTall />
        ) : (
          <NoLog build={build} />
        )}
      </section>
    </>
  );
}

function NoLog({ build }: Pick<BuildBody, 'build'>) {
  const href = webLink(build.log_url);
  if (href !== null) {
    return (
      <p class="panel">
        Its log is kept elsewhere:{' '}
        <a href={href} rel="noopener noreferrer">
          {href}
        </a>
      </p>
    );
  }
  return (
    <p class="panel quiet">
      {build.phase === 'completed'
        ? 'No log is kept of this job.'
        : 'There is no log yet; it appears here when the job writes one.'}
    </p>
  );
}
