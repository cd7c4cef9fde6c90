/** The jobs of a run. */
import type { BuildsetBody, BuildView } from '@gatehouse/contracts';
import { Link } from '../parts/link.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { Elapsed } from '../parts/times.tsx';
import { useServices } from '../services.ts';
import { webLink } from '../view/change.ts';
import { notesOf } from '../view/notes.ts';
import { statusOfBuild } from '../view/status.ts';

/** @param props `shown` is the build whose log is below; null: none */
export function JobList(props: {
  readonly run: BuildsetBody;
  readonly shown: string | null;
  readonly onShow: (build: BuildView) => void;
}) {
  const { run, shown, onShow } = props;
  if (run.builds.length === 0) {
    return (
      <p class="quiet">{run.verdict === null ? 'The jobs are not chosen yet.' : 'No job ran.'}</p>
    );
  }
  return (
    <ul class="jobs">
      {run.builds.map((build) => (
        <JobRow key={build.id} build={build} isShown={build.id === shown} onShow={onShow} />
      ))}
    </ul>
  );
}

function JobRow(props: {
  readonly build: BuildView;
  readonly isShown: boolean;
  readonly onShow: (build: BuildView) => void;
}) {
  const { navigation } = useServices();
  const { build, isShown } = props;
  return (
    <li class={`job ${isShown ? 'shown' : ''}`}>
      <StatusMark status={statusOfBuild(build)} />
      <span class="job-name">
        <Link href={navigation.href({ page: 'build', id: build.id })}>
          <bdi>{build.job}</bdi>
        </Link>
      </span>
      <span class="job-notes">
        {notesOf(build).map((note) => (
          <small key={note}>{note}</small>
        ))}
      </span>
      <Elapsed from={build.started_at_ms ?? build.launched_at_ms} to={build.finished_at_ms} />
      <span class="job-log">
        <LogControl {...props} />
      </span>
    </li>
  );
}

function LogControl(props: {
  readonly build: BuildView;
  readonly isShown: boolean;
  readonly onShow: (build: BuildView) => void;
}) {
  const { build, isShown, onShow } = props;
  if (build.has_log) {
    return (
      <button
        type="button"
        class="plain"
        aria-pressed={isShown}
        aria-label={`Show the log of ${build.job}`}
        onClick={() => onShow(build)}
      >
        Log
      </button>
    );
  }
  const href = webLink(build.log_url);
  return href === null ? null : (
    <a href={href} rel="noopener noreferrer" aria-label={`Log of ${build.job}, elsewhere`}>
      Log ↗
    </a>
  );
}
