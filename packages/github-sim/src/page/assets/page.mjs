/**
 * The browser's part of a page. It sends forms as JSON, and after each change on the simulator it
 * fetches the page again and carries over what differs, node by node. Nodes that did not change
 * stay what they are, so focus, selections, open folds, scroll positions and half-typed text stay
 * too. Nothing is rendered here.
 */

const notice = document.getElementById('notice');
const live = document.getElementById('live');

/* ---- fresh pages ---- */

let isFetching = false;
let isStale = false;

/** Fetches the page again; while one fetch is under way, any number of changes make one more. */
async function refresh() {
  if (isFetching) {
    isStale = true;
    return;
  }
  isFetching = true;
  try {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } });
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    document.title = fresh.title;
    carryOver(document.body, fresh.body);
    tellTimes();
  } catch {
    setLive(false);
  } finally {
    isFetching = false;
  }
  if (isStale) {
    isStale = false;
    await refresh();
  }
}

/** Makes `old` say what `fresh` says, with as few changes as possible. */
function carryOver(old, fresh) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE || old.hasAttribute('data-keep')) return;
  carryAttributes(old, fresh);
  // What somebody typed stays; the choice of a list follows the server only where it is the
  // server's own, as in "Acting as".
  if (old.localName === 'textarea') return;
  carryChildren(old, fresh);
}

function carryAttributes(old, fresh) {
  const isFold = old.localName === 'details';
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !(isFold && name === 'open')) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function carryChildren(old, fresh) {
  const wanted = [...fresh.childNodes];
  let place = old.firstChild;
  for (const child of wanted) {
    const found = matching(place, child);
    if (found === null) {
      old.insertBefore(document.importNode(child, true), place);
      continue;
    }
    while (place !== found) place = removeAndNext(place);
    carryOver(found, child);
    place = found.nextSibling;
  }
  while (place !== null) place = removeAndNext(place);
}

/** The next sibling that is the same thing: by key where there is one, else by kind, in place. */
function matching(from, wanted) {
  const key = keyOf(wanted);
  if (key === null) return from !== null && isSameKind(from, wanted) ? from : null;
  for (let node = from; node !== null; node = node.nextSibling) {
    if (isSameKind(node, wanted)) return node;
  }
  return null;
}

function isSameKind(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
}

function keyOf(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return null;
  // Forms are told apart by what they call, so that none inherits what was typed into another.
  return node.id || node.dataset.key || node.dataset.call || null;
}

function removeAndNext(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

/* ---- forms ---- */

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.dataset.acting !== undefined) {
    event.preventDefault();
    return;
  }
  if (form.dataset.call === undefined) return;
  event.preventDefault();
  send(form, event.submitter);
});

// Ctrl+Enter sends the form one writes in, as on GitHub.
document.addEventListener('keydown', (event) => {
  const isSend = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
  if (isSend && event.target.localName === 'textarea') event.target.form?.requestSubmit();
});

document.addEventListener('change', async (event) => {
  const form = event.target.form;
  if (form?.dataset.acting === undefined) return;
  const query = new URLSearchParams(new FormData(form));
  await fetch(`${form.getAttribute('action')}?${query}`, { redirect: 'manual' });
  await refresh();
});

async function send(form, submitter) {
  if (form.getAttribute('aria-busy') === 'true') return;
  form.setAttribute('aria-busy', 'true');
  try {
    const response = await fetch(form.dataset.call, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...JSON.parse(form.dataset.input), ...fieldsOf(form, submitter) }),
    });
    const text = await response.text();
    const answer = text === '' ? {} : JSON.parse(text);
    if (!response.ok) throw new Error(answer.message ?? `The answer was ${response.status}`);
    await done(form, answer);
  } catch (error) {
    say(error.message, 'bad');
  } finally {
    form.removeAttribute('aria-busy');
  }
}

async function done(form, answer) {
  if (form.dataset.after === 'result' && typeof answer.url === 'string') {
    location.assign(answer.url);
    return;
  }
  form.reset();
  form.closest('details')?.removeAttribute('open');
  if (form.dataset.done !== '') say(form.dataset.done, 'good');
  await refresh();
}

function fieldsOf(form, submitter) {
  const fields = {};
  for (const element of form.elements) {
    const { name, type } = element;
    if (name === '' || type === 'submit' || type === 'fieldset') continue;
    if (type === 'radio' && !element.checked) continue;
    if (name.endsWith('[]')) fields[name.slice(0, -2)] = [element.value];
    else fields[name] = type === 'checkbox' ? element.checked : element.value;
  }
  if (submitter?.name) fields[submitter.name] = submitter.value;
  return fields;
}

let quiet = 0;

/** One sentence at the bottom of the window, over the page, so that nothing moves. */
function say(text, tone) {
  notice.textContent = text;
  notice.dataset.tone = tone;
  clearTimeout(quiet);
  quiet = setTimeout(() => {
    notice.textContent = '';
  }, 6000);
}

/* ---- what happens elsewhere ---- */

function setLive(isLive) {
  live.textContent = isLive ? 'live' : 'reconnecting';
  live.dataset.lost = String(!isLive);
}

const events = new EventSource('/_sim/events');
events.addEventListener('open', () => setLive(true));
events.addEventListener('error', () => setLive(false));
events.addEventListener('message', ({ data }) => {
  const tick = JSON.parse(data);
  // A greeting tells the version; only a page that is older or of another run needs a fetch.
  if (tick.kind === 'hello' && String(tick.version) === document.body.dataset.version) return;
  refresh();
});

/* ---- times ---- */

function count(n, noun) {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function agoText(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 10) return 'just now';
  if (seconds < 60) return `${seconds} seconds ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${count(minutes, 'minute')} ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${count(hours, 'hour')} ago`;
  return `${count(Math.floor(hours / 24), 'day')} ago`;
}

function watchText(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  const two = (value) => String(value).padStart(2, '0');
  if (minutes < 60) return `${minutes}m ${two(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
}

function tellTimes() {
  for (const time of document.querySelectorAll('time[data-ago]')) {
    const text = agoText(Date.now() - Number(time.dataset.ago));
    if (time.textContent !== text) time.textContent = text;
  }
  for (const time of document.querySelectorAll('time[data-since]')) {
    const text = watchText(Date.now() - Number(time.dataset.since));
    if (time.textContent !== text) time.textContent = text;
  }
}

setInterval(tellTimes, 1000);
