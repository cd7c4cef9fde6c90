// Keeps an open page up to date. Runs in the browser, and only adds: without it every page can be
// read and reloaded. Text only ever becomes text (`append`, `textContent`); the one piece of
// mark-up that is taken over is our own page, fetched again.

const FOLLOW_INTERVAL_MS = 1000;
const RETRY_INTERVAL_MS = 5000;
const LOG_CHARACTERS_MAX = 4_000_000;
const CONTROL_SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be removed
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]{0,4096}(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;

const log = document.getElementById('log');
const events = document.body.dataset.events;
if (log?.dataset.complete === 'false') followLog(log);
if (events !== undefined) followChanges(events);

/** Appends what the log has more of, until it is complete. */
async function followLog(view) {
  const decoder = new TextDecoder();
  let offset = Number(view.dataset.offset);
  let shown = view.textContent.length;
  for (;;) {
    const part = await readPart(`${view.dataset.log}?offset=${offset}`);
    if (part === null) {
      await pause(RETRY_INTERVAL_MS);
      continue;
    }
    if (part === 'gone') return;
    const output = decoder.decode(part.bytes, { stream: true });
    append(view, output);
    shown += output.length;
    const hasMore = part.nextOffset > offset;
    offset = part.nextOffset;
    if (part.isComplete && !hasMore) break;
    if (shown > LOG_CHARACTERS_MAX) {
      append(view, `\n${view.dataset.tooLong}\n`);
      break;
    }
    if (!hasMore) await pause(FOLLOW_INTERVAL_MS);
  }
  document.getElementById('log-state')?.remove();
}

/** Null: try again later. */
async function readPart(address) {
  try {
    const answer = await fetch(address);
    if (answer.status === 404) return 'gone';
    if (!answer.ok) return null;
    return {
      bytes: await answer.arrayBuffer(),
      nextOffset: Number(answer.headers.get('x-log-next-offset')),
      isComplete: answer.headers.get('x-log-complete') === 'true',
    };
  } catch {
    return null;
  }
}

/** Keeps the end in sight for whoever is looking at it. */
function append(view, output) {
  if (output === '') return;
  const isAtEnd = view.scrollHeight - view.scrollTop - view.clientHeight < 40;
  view.append(output.replace(CONTROL_SEQUENCE, '').replace(/\r\n?/g, '\n'));
  if (isAtEnd) view.scrollTop = view.scrollHeight;
}

/** Fetches this page again when something changed; the browser reconnects by itself. */
function followChanges(address) {
  const source = new EventSource(address);
  let isBusy = false;
  let isStale = false;
  const refresh = async () => {
    if (isBusy) {
      isStale = true;
      return;
    }
    isBusy = true;
    do {
      isStale = false;
      if (!(await replaceMain())) source.close();
    } while (isStale);
    isBusy = false;
  };
  source.addEventListener('change', refresh);
  // What happened while the connection was away was missed.
  source.addEventListener('open', refresh);
}

/** False when the page has come to rest and need not be followed any more. */
async function replaceMain() {
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (!answer.ok) return true;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = page.getElementById('main');
    const current = document.getElementById('main');
    if (next === null || current === null) return true;
    if (next.innerHTML !== current.innerHTML) {
      const isOpen = current.querySelector('details')?.open ?? false;
      const details = next.querySelector('details');
      if (details !== null) details.open = isOpen;
      current.replaceWith(document.adoptNode(next));
      document.title = page.title;
    }
    return page.body.dataset.events !== undefined;
  } catch {
    return true;
  }
}

function pause(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
