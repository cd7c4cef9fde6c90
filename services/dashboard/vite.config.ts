import { defineConfig } from 'vite';

export default defineConfig({
  // Files are found from `/assets`; the service puts its own path before it, if it has one.
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    // Browsers of the last two years: CSS nesting and `light-dark()` are left as they are written.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // The content security policy lets nothing in that is not a file: neither data nor inline code.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
  },
});
