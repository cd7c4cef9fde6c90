/** Starts the page. */
import { render } from 'preact';
import { App } from './app.tsx';
import { baseOf } from './route/router.ts';
import { createServices, ServicesContext } from './services.ts';

const place = document.getElementById('app');
if (place !== null) {
  render(
    <ServicesContext.Provider value={createServices(baseOf(import.meta.url))}>
      <App />
    </ServicesContext.Provider>,
    place,
  );
}
