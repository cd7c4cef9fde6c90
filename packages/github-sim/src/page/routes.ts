/** Which page stands at which address. The addresses are those of GitHub's own pages. */
import type { SimActions } from '../actions/types.ts';
import type { Core } from '../core.ts';
import type { PullRequestView } from '../read-model.ts';
import { findRepo } from '../state/find.ts';
import type { RepoRecord } from '../state/types.ts';
import { type CheckSubject, checkView, noChecksView } from './check-view.ts';
import { lookOf, newestRuns } from './check-words.ts';
import { commitPage } from './commit-view.ts';
import { reader } from './compose.ts';
import { conversationPage } from './conversation-view.ts';
import { filesView } from './files-view.ts';
import { documentOf, type Frame } from './frame.ts';
import { checkFor, commitFor, frameFor, pullFor } from './gather.ts';
import { type Html, html } from './html.ts';
import { commitsView, overviewPage, pullsPage } from './lists-view.ts';
import { newPullPage } from './new-pull-view.ts';
import { pullDocument } from './pull-frame.ts';
import { changesFor } from './sample-changes.ts';

export interface RouteDeps {
  readonly core: Core;
  readonly act: SimActions;
}

/** A document, the address of another one, or null: there is no such page. */
export type Found = Html | { readonly redirect: string } | null;

interface Visit {
  readonly deps: RouteDeps;
  readonly frame: Frame;
  readonly repo: RepoRecord;
  /** What follows `/OWNER/NAME/`. */
  readonly rest: string;
  readonly query: URLSearchParams;
}

/** Finds the page of an address, as the named person sees it. */
export async function findPage(
  deps: RouteDeps,
  asked: { readonly url: URL; readonly login: string | null },
): Promise<Found> {
  const { pathname, search, searchParams } = asked.url;
  const at = { login: asked.login, path: `${pathname}${search}` };
  if (pathname === '/') {
    return overviewPage(frameFor(deps.core, at, null), await deps.act.overview());
  }
  const parts = /^\/([^/]+\/[^/]+)(?:\/(.*?))?\/?$/.exec(pathname);
  const repo = parts === null ? undefined : findRepo(deps.core.state, parts[1] ?? '');
  if (repo === undefined) return null;
  const frame = frameFor(deps.core, at, repo);
  return repositoryPage({ deps, frame, repo, rest: parts?.[2] ?? '', query: searchParams });
}

/** What is shown where nothing is. */
export function missingPage(
  deps: RouteDeps,
  asked: { readonly url: URL; readonly login: string | null },
): Html {
  const frame = frameFor(deps.core, { login: asked.login, path: '/' }, null);
  return documentOf(
    frame,
    'Not found',
    html`<div class="empty"><h1>There is no such page</h1>
<p>Repositories, pull requests, checks and commits have one.
<a href="/">All repositories</a></p></div>`,
  );
}

async function repositoryPage(visit: Visit): Promise<Found> {
  const { deps, frame, repo, rest } = visit;
  const repository = frame.repository?.repository ?? '';
  if (rest === '') return { redirect: `/${repository}/pulls` };
  if (rest === 'pulls') {
    const { repositories } = await deps.act.overview({ repository });
    const state = visit.query.get('state') === 'closed' ? 'closed' : 'open';
    const view = repositories[0];
    return view === undefined ? null : pullsPage(frame, view, state);
  }
  if (rest === 'compare') {
    return newPullPage(frame, await changesFor(reader(deps.act, repository, repo.defaultBranch)));
  }
  const [kind, name = '', tab = '', ...more] = rest.split('/');
  if (more.length > 0) return null;
  if (kind === 'pull' && /^\d+$/.test(name)) return pullPage(visit, Number(name), tab);
  if (kind === 'runs' && tab === '' && /^\d+$/.test(name)) return runPage(visit, Number(name));
  if (kind !== 'commit' || tab !== '') return null;
  const commit = await commitFor(deps.core, repo, name);
  return commit === null ? null : commitPage(frame, commit);
}

async function pullPage(visit: Visit, number: number, tab: string): Promise<Found> {
  const { deps, frame, repo } = visit;
  const pull = await pullFor(deps.core, repo, number);
  if (pull === null) return null;
  switch (tab) {
    case '': {
      const read = reader(deps.act, pull.repository, repo.defaultBranch);
      return conversationPage(frame, pull, await changesFor(read));
    }
    case 'commits':
      return pullDocument(frame, pull, { tab, content: commitsView(frame, pull) });
    case 'files':
      return pullDocument(frame, pull, { tab, content: filesView(pull) });
    case 'checks':
      return pullDocument(frame, pull, { tab, content: checksTab(frame, pull) });
    default:
      return null;
  }
}

/** The check that matters most: one that failed or waits for somebody, else the first. */
function checksTab(frame: Frame, pull: PullRequestView): Html {
  const runs = newestRuns(pull.suites);
  const matters = (tone: string) => runs.find((run) => lookOf(run).tone === tone);
  const run = matters('bad') ?? matters('attention') ?? runs[0];
  if (run === undefined) return noChecksView(pull.headSha);
  return checkView(frame, { run, suites: pull.suites, pull });
}

async function runPage({ deps, frame, repo }: Visit, id: number): Promise<Found> {
  const subject = await checkFor(deps.core, repo, id);
  if (subject === null) return null;
  const content = checkView(frame, subject);
  if (subject.pull !== null) return pullDocument(frame, subject.pull, { tab: 'checks', content });
  return documentOf(frame, titleOf(subject), html`<h1>Checks of a commit</h1>${content}`);
}

function titleOf({ run }: CheckSubject): string {
  return `${run.name} · ${run.headSha.slice(0, 7)}`;
}
