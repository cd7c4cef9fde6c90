/** A live run in a lane. */
import type { BuildsetView, BuildView } from '@gatehouse/contracts';
import { Link } from '../parts/link.tsx';
import { ProgressBar } from '../parts/progress-bar.tsx';
import { StatusIcon, StatusMark } from '../parts/status-mark.tsx';
import { Elapsed } from '../parts/times.tsx';
import { useServices } from '../services.ts';
import { changeName, changeTitle } from '../view/change.ts';
import { statusOfBuild, statusOfRun } from '../view/status.ts';

/** Jobs that a card lists; the run's page has them all. */
const JOBS_SHOWN_MAX = 8;

/** The whole card leads to the run; the link in it is what a keyboard reaches. */
export function RunCard({ run }: { readonly run: BuildsetView }) {
  const { navigation } = useServices();
  const { builds, change } = run;
  const hidden = builds.length - JOBS_SHOWN_MAX;
  return (
    <article class="card">
      <div class="card-head">
        <StatusMark status={statusOfRun(run)} />
        <Link class="cover" href={navigation.href({ page: 'buildset', id: run.id })}>
          <bdi>{changeName(change)}</bdi>
        </Link>
        <Elapsed from={run.enqueued_at_ms} to={run.finished_at_ms} />
      </div>
      <p class="card-title">
        <bdi>{changeTitle(change)}</bdi>
        {change.author !== null && (
          <span class="quiet">
            {' by '}
            <bdi>{change.author}</bdi>
          </span>
        )}
      </p>
      <ProgressBar builds={builds} />
      <ul class="chips">
        {builds.slice(0, JOBS_SHOWN_MAX).map((build) => (
          <JobChip key={build.id} build={build} />
        ))}
        {hidden > 0 && <li class="quiet">+{hidden} more</li>}
      </ul>
    </article>
  );
}

function JobChip({ build }: { readonly build: BuildView }) {
  const status = statusOfBuild(build);
  return (
    <li class="chip" title={`${build.job}: ${status.word}`}>
      <StatusIcon status={status} />
      <bdi class="chip-name">{build.job}</bdi>
      <span class="unseen">{status.word}</span>
      <Elapsed from={build.started_at_ms ?? build.launched_at_ms} to={build.finished_at_ms} />
    </li>
  );
}
