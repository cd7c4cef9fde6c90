/** One run: what GitHub's check run links to. */
import type { BuildsetBody, BuildView } from '@gatehouse/contracts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useHeading, useSeen, useTitle } from '../hooks.ts';
import { LogView } from '../log/log-view.tsx';
import { Announce } from '../parts/announce.tsx';
import { Crumbs } from '../parts/crumbs.tsx';
import { ProgressBar } from '../parts/progress-bar.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { Ago, Elapsed } from '../parts/times.tsx';
import { changeName, changeTitle } from '../view/change.ts';
import { firstLog } from '../view/log-choice.ts';
import { verdictSentence } from '../view/news.ts';
import { statusOfRun } from '../view/status.ts';
import { ChangeLink, Facts } from './facts.tsx';
import { JobList } from './job-list.tsx';
import { NotFound, Waiting } from './not-found.tsx';
import { Problems, Reasons, Selection } from './reasons.tsx';

/** @param props `id` of the run */
export function BuildsetPage({ id }: { readonly id: string }) {
  const { state, body } = useSeen<BuildsetBody>(`buildsets/${encodeURIComponent(id)}`);
  if (state === 'missing') return <NotFound what="run" />;
  return body === null ? <Waiting isAway={state === 'away'} /> : <Run run={body} />;
}

function Run({ run }: { readonly run: BuildsetBody }) {
  const heading = useHeading();
  const [shown, choose] = useShownLog(run.builds);
  const log = useRef<HTMLElement>(null);
  useTitle(`${statusOfRun(run).word}: ${changeName(run.change)} ${run.pipeline}`);
  const show = (build: BuildView): void => {
    choose(build.id);
    log.current?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <>
      <Crumbs pipeline={run.pipeline} tenant={run.tenant} />
      <div>
        <div class="run-head">
          <StatusMark status={statusOfRun(run)} size="large" />
          <h1 ref={heading} tabIndex={-1}>
            <bdi>{changeTitle(run.change)}</bdi>
          </h1>
        </div>
        <p class="quiet run-about">
          <ChangeLink run={run} />
          {run.change.author !== null && (
            <span>
              by <bdi>{run.change.author}</bdi>
            </span>
          )}
          <span>
            enqueued <Ago at={run.enqueued_at_ms} />
          </span>
          <span>
            {run.finished_at_ms === null ? 'running for ' : 'took '}
            <Elapsed from={run.enqueued_at_ms} to={run.finished_at_ms} />
          </span>
        </p>
      </div>
      <VerdictNews run={run} />
      <div class="run-columns">
        <div class="run-main">
          <Reasons run={run} />
          <section class="panel" aria-labelledby="jobs">
            <div class="panel-head">
              <h2 id="jobs">Jobs</h2>
              {hasProgress(run) && <ProgressBar builds={run.builds} />}
            </div>
            <JobList run={run} shown={shown?.id ?? null} onShow={show} />
          </section>
          <Problems problems={run.problems} />
          <section class="log-section" ref={log} aria-label="Log">
            {shown !== null && (
              <LogView key={`${shown.id} ${shown.attempt}`} build={shown} run={run} />
            )}
          </section>
        </div>
        <aside class="run-side">
          <Facts run={run} />
          <Selection sentences={run.selection} />
        </aside>
      </div>
    </>
  );
}

/** A run that ended without jobs has nothing to count. */
function hasProgress({ builds, verdict }: BuildsetBody): boolean {
  return builds.length > 0 || verdict === null;
}

/** The log that is shown: the one that was there first, until the reader chooses another. */
function useShownLog(builds: readonly BuildView[]): [BuildView | null, (build: string) => void] {
  const [chosen, setChosen] = useState<string | null>(null);
  const first = firstLog(builds);
  useEffect(() => {
    if (chosen === null && first !== null) setChosen(first.id);
  }, [chosen, first]);
  const shown = builds.find(({ id, has_log }) => has_log && id === chosen);
  return [shown ?? first, setChosen];
}

/** Tells the verdict when it comes, not when it was there before the reader. */
function VerdictNews({ run }: { readonly run: BuildsetBody }) {
  const wasOver = useRef(run.verdict !== null);
  return <Announce text={run.verdict !== null && !wasOver.current ? verdictSentence(run) : ''} />;
}
