/** One pipeline: its queues, and what finished there lately. */

import type { BuildsetView } from '@gatehouse/contracts';
import { Link } from '../parts/link.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { Ago } from '../parts/times.tsx';
import { useServices } from '../services.ts';
import { changeName, changeTitle } from '../view/change.ts';
import type { Lane, Queue } from '../view/lanes.ts';
import { statusOfRun } from '../view/status.ts';
import { RunCard } from './run-card.tsx';

/** A column on wide screens. */
export function LaneSection({ lane }: { readonly lane: Lane }) {
  const id = `lane-${lane.key.replace(' ', '-')}`;
  return (
    <section class="lane" aria-labelledby={id}>
      <div class="lane-parts">
        <div class="lane-live">
          <div class="lane-head">
            <h2 id={id}>
              {lane.name} <small>{lane.tenant}</small>
            </h2>
            <span class="count">
              {lane.liveCount} <span class="quiet">live</span>
            </span>
          </div>
          {lane.description !== null && <p class="quiet lane-about">{lane.description}</p>}
          {lane.queues.map((queue) => (
            <QueueList key={queue.name ?? ''} queue={queue} isOrdered={lane.isOrdered} />
          ))}
          {lane.liveCount === 0 && <p class="quiet lane-still">Nothing in it at the moment.</p>}
          {lane.hiddenCount > 0 && <p class="quiet">and {lane.hiddenCount} more</p>}
        </div>
        {lane.recent.length > 0 && <RecentList runs={lane.recent} />}
      </div>
    </section>
  );
}

function QueueList(props: { readonly queue: Queue; readonly isOrdered: boolean }) {
  const { queue, isOrdered } = props;
  const runs = queue.runs.map((run) => (
    <li key={run.id}>
      <RunCard run={run} />
    </li>
  ));
  const isChain = isOrdered && queue.name !== null;
  return (
    <>
      {queue.name !== null && (
        <h3>
          Queue <bdi>{queue.name}</bdi>
        </h3>
      )}
      {isChain ? <ol class="runs chain">{runs}</ol> : <ul class="runs">{runs}</ul>}
    </>
  );
}

function RecentList({ runs }: { readonly runs: readonly BuildsetView[] }) {
  const { navigation } = useServices();
  return (
    <div class="lane-recent">
      <h3>Finished</h3>
      <ul class="recent">
        {runs.map((run) => (
          <li key={run.id} title={changeTitle(run.change)}>
            <StatusMark status={statusOfRun(run)} />
            <Link class="recent-name" href={navigation.href({ page: 'buildset', id: run.id })}>
              <bdi>{changeName(run.change)}</bdi>
            </Link>
            <bdi class="recent-title">{changeTitle(run.change)}</bdi>
            <span class="quiet recent-time">
              {run.finished_at_ms !== null && <Ago at={run.finished_at_ms} />}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
