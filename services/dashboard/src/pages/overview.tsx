/** All pipelines with what is in them. */
import type { OverviewBody, ViewerBody } from '@gatehouse/contracts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useHeading, useSeen, useTitle } from '../hooks.ts';
import { Announce } from '../parts/announce.tsx';
import { configurationNews } from '../view/configuration.ts';
import { type Lane, lanesOf } from '../view/lanes.ts';
import { newsOf } from '../view/news.ts';
import { ConfigurationLink, ConfigurationPanel } from './configuration.tsx';
import { Empty } from './empty.tsx';
import { LaneSection } from './lane.tsx';
import { NotFound, Waiting } from './not-found.tsx';

/** The first page. */
export function Overview() {
  const { state, body } = useSeen<OverviewBody>('overview');
  const heading = useHeading();
  useTitle('Pipelines');
  const lanes = useLanes(body);
  if (state === 'missing') return <NotFound what="page" />;
  const live = lanes.reduce((sum, { liveCount }) => sum + liveCount, 0);
  return (
    <>
      <div class="page-head">
        <h1 ref={heading} tabIndex={-1}>
          Pipelines
        </h1>
        <p class="quiet">{body !== null && summary(live)}</p>
        {body !== null && <ConfigurationLink configuration={body.configuration} />}
      </div>
      <News body={body} />
      {body === null && <Waiting isAway={state === 'away'} />}
      {body !== null && lanes.length === 0 && <EmptyOverview />}
      <div class="lanes">
        {lanes.map((lane) => (
          <LaneSection key={lane.key} lane={lane} />
        ))}
      </div>
      {body !== null && <ConfigurationPanel configuration={body.configuration} />}
    </>
  );
}

function useLanes(body: OverviewBody | null): readonly Lane[] {
  const before = useRef<readonly Lane[]>([]);
  before.current = body === null ? [] : lanesOf(body, before.current);
  return before.current;
}

function summary(live: number): string {
  if (live === 0) return 'Nothing is running';
  return live === 1 ? '1 run in progress' : `${live} runs in progress`;
}

function EmptyOverview() {
  const { body } = useSeen<ViewerBody>('viewer');
  return <Empty isStranger={body?.signed_in === false && body.can_sign_in} />;
}

/** Tells verdicts and errors as they come in to whoever cannot see them come in. */
function News({ body }: { readonly body: OverviewBody | null }) {
  const before = useRef<OverviewBody | null>(null);
  const [news, setNews] = useState('');
  useEffect(() => {
    if (body === null) return;
    const sentences = [
      newsOf(before.current, body),
      configurationNews(before.current?.configuration ?? null, body.configuration),
    ]
      .filter((sentence) => sentence !== '')
      .join(' ');
    before.current = body;
    if (sentences !== '') setNews(sentences);
  }, [body]);
  return <Announce text={news} />;
}
