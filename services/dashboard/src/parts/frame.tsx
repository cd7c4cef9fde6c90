/** What stands above and below every page. */
import type { ViewerBody } from '@gatehouse/contracts';
import { useSeen } from '../hooks.ts';
import { useServices } from '../services.ts';
import { ConnectionMark } from './connection.tsx';
import { Link } from './link.tsx';

/** Name, connection, and signing in or out. */
export function Header() {
  const { navigation } = useServices();
  return (
    <header class="top">
      <Link class="brand" href={navigation.href({ page: 'overview' })}>
        <svg class="brand-mark" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M1 15V5l3-3 2 2h4l2-2 3 3v10h-5v-4a2 2 0 0 0-4 0v4z" />
        </svg>
        Gatehouse
      </Link>
      <ViewerMark />
      <ConnectionMark />
    </header>
  );
}

function ViewerMark() {
  const { base } = useServices();
  const { body } = useSeen<ViewerBody>('viewer');
  if (body === null) return <span class="viewer" />;
  if (!body.signed_in) {
    return <span class="viewer">{body.can_sign_in && <a href={`${base}sign-in`}>Sign in</a>}</span>;
  }
  return (
    <form class="viewer" method="post" action={`${base}sign-out`}>
      {body.has_session && (
        <button type="submit" class="plain">
          Sign out
        </button>
      )}
    </form>
  );
}

/** The version. */
export function Footer() {
  const { body } = useSeen<ViewerBody>('viewer');
  return (
    <footer class="bottom">
      <span>Gatehouse {body?.version}</span>
    </footer>
  );
}
