/**
 * A page that hands the manifest to GitHub. GitHub takes it only as a form that a browser posts,
 * so a command alone cannot: the page is saved, opened and sent by a person who is signed in.
 */
import type { AppManifest } from './manifest.ts';
import { pageWords } from './words.ts';

/** What the page is made of. */
export interface ManifestPage {
  readonly manifest: AppManifest;
  /** Where the form goes. */
  readonly registration: string;
  /** GitHub's REST address, without a slash at its end. */
  readonly apiUrl: string;
}

/** The whole page. It runs no script: nothing is sent before somebody presses the button. */
export function renderManifestPage({ manifest, registration, apiUrl }: ManifestPage): string {
  const steps = pageWords.steps(conversionCommand(apiUrl));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(pageWords.title)}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
pre { overflow-x: auto; padding: 1rem; border: 1px solid }
li { overflow-wrap: anywhere }
button { font: inherit; padding: .5rem 1rem }
</style>
</head>
<body>
<h1>${escapeHtml(pageWords.title)}</h1>
<p>${escapeHtml(pageWords.lead(registration))}</p>
<form action="${escapeHtml(registration)}" method="post">
<input type="hidden" name="manifest" value="${escapeHtml(JSON.stringify(manifest))}">
<button autofocus>${escapeHtml(pageWords.button)}</button>
</form>
<h2>${escapeHtml(pageWords.afterwards)}</h2>
<ol>
${steps.map((step) => `<li>${escapeHtml(step)}</li>`).join('\n')}
</ol>
<pre>${escapeHtml(JSON.stringify(manifest, null, 2))}</pre>
</body>
</html>`;
}

/** Trades the code for the App's secrets; the file is readable by its owner alone. */
export function conversionCommand(apiUrl: string): string {
  return `(umask 077; curl --fail --request POST ${apiUrl}/app-manifests/CODE/conversions > app.json)`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
