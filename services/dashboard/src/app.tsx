/** The frame around every page, and which page is in it. */
import { useRoute } from './hooks.ts';
import { BuildPage } from './pages/build.tsx';
import { BuildsetPage } from './pages/buildset.tsx';
import { NotFound } from './pages/not-found.tsx';
import { Overview } from './pages/overview.tsx';
import { AwayNotice } from './parts/connection.tsx';
import { Footer, Header } from './parts/frame.tsx';
import type { Route } from './route/router.ts';

/** Everything. */
export function App() {
  const route = useRoute();
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <Header />
      <AwayNotice />
      <main id="main" tabIndex={-1}>
        <Page route={route} />
      </main>
      <Footer />
    </>
  );
}

function Page({ route }: { readonly route: Route }) {
  if (route.page === 'overview') return <Overview />;
  if (route.page === 'buildset') return <BuildsetPage key={route.id} id={route.id} />;
  if (route.page === 'build') return <BuildPage key={route.id} id={route.id} />;
  return <NotFound what="page" />;
}
