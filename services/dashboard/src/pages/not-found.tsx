/** What is not there, or not for this viewer. */
import type { ViewerBody } from '@gatehouse/contracts';
import { useHeading, useSeen, useTitle } from '../hooks.ts';
import { Link } from '../parts/link.tsx';
import { useServices } from '../services.ts';

/** @param props `what` is missing, as a noun */
export function NotFound({ what }: { readonly what: 'page' | 'run' | 'job' }) {
  const { navigation, base } = useServices();
  const { body } = useSeen<ViewerBody>('viewer');
  const heading = useHeading();
  useTitle('Not found');
  return (
    <section class="panel message">
      <h1 ref={heading} tabIndex={-1}>
        Not found
      </h1>
      <p>
        {what === 'page'
          ? 'There is no page at this address.'
          : `There is no such ${what} here, or you may not see it. Old ones are forgotten after a while.`}
      </p>
      <p>
        <Link href={navigation.href({ page: 'overview' })}>Go to the pipelines</Link>
        {body?.signed_in === false && body.can_sign_in && (
          <>
            {' or '}
            <a href={`${base}sign-in`}>sign in</a>
          </>
        )}
      </p>
    </section>
  );
}

/** While the first answer is awaited; shown late, so that it does not flash. */
export function Waiting({ isAway }: { readonly isAway: boolean }) {
  return (
    <p class="waiting" role="status">
      {isAway ? 'Nothing to show yet: the service does not answer.' : 'Loading…'}
    </p>
  );
}
