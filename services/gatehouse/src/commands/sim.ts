/** `gatehouse sim …`: acting as a person on the simulated GitHub. */
import type { CheckRunView, PullRequestView, SimClient } from '@gatehouse/github-sim';
import { Command, Option } from 'commander';
import { say } from './print.ts';
import { type PullName, parsePullName, simTarget } from './sim-target.ts';

interface SimOptions {
  readonly sim?: string;
  readonly user: string;
}

interface OpenOptions {
  readonly repository: string;
  readonly title?: string;
  readonly fromFork?: boolean;
  readonly fail?: boolean;
  readonly draft?: boolean;
}

/** Somebody with write access, and somebody without, in the demo's organisation. */
const DEFAULT_USER = 'ada';
const OUTSIDER = 'sam';

/** The `sim` command with everything below it. */
export function simCommand(dataDir: () => string): Command {
  const sim = new Command('sim')
    .summary("Act as a person on the demo's GitHub.")
    .description('Act as a person on the simulated GitHub of a running demo.')
    .option('--sim <url>', 'address of the simulator (default: the running demo)')
    .addOption(new Option('--user <login>', 'who acts').default(DEFAULT_USER));
  const target = (): Promise<SimClient> =>
    simTarget({ sim: sim.opts<SimOptions>().sim, dataDir: dataDir() });
  const user = (): string => sim.opts<SimOptions>().user;
  const pull = new Command('pr').description('Pull requests.');
  addOpen(pull, target, user);
  addActs(pull, target, user);
  addButtons(pull, target, user);
  sim.addCommand(pull);
  sim
    .command('list')
    .description('List repositories and pull requests with their checks.')
    .action(async () => list(await target()));
  return sim;
}

type Target = () => Promise<SimClient>;
type User = () => string;

function addOpen(pull: Command, target: Target, user: User): void {
  pull
    .command('open')
    .description('Open a pull request with one small change.')
    .option('--repository <owner/name>', 'where', 'acme/api')
    .option('--title <text>', 'its title')
    .option('--from-fork', `propose it as ${OUTSIDER}, from a fork`)
    .option('--fail', 'make a change that fails its jobs')
    .option('--draft', 'open it as a draft')
    .action(async (options: OpenOptions) => {
      const opened = await openPull(await target(), user(), options);
      say(`Opened ${opened.repository}#${opened.number}: ${opened.url}`);
    });
}

function addActs(pull: Command, target: Target, user: User): void {
  const onPull = (name: string, description: string): Command =>
    pull
      .command(name)
      .description(description)
      .argument('<pr>', 'OWNER/NAME#NUMBER', parsePullName);
  onPull('comment', 'Write a comment.')
    .argument('<text...>', 'what to say, for example recheck')
    .action(async (on: PullName, words: string[]) => {
      await (await target()).comment({ ...on, user: user(), body: words.join(' ') });
      say(`${user()} commented on ${name(on)}.`);
    });
  onPull('push', 'Push another commit to its branch.').action(async (on: PullName) => {
    const { sha } = await pushMore(await target(), user(), on);
    say(`Pushed ${sha.slice(0, 8)} to ${name(on)}.`);
  });
  onPull('close', 'Close it.').action(async (on: PullName) => {
    await (await target()).closePullRequest({ ...on, user: user() });
    say(`Closed ${name(on)}.`);
  });
  onPull('reopen', 'Open it again.').action(async (on: PullName) => {
    await (await target()).reopenPullRequest({ ...on, user: user() });
    say(`Reopened ${name(on)}.`);
  });
  onPull('show', 'Show it with its checks.').action(async (on: PullName) => {
    show(await (await target()).pullRequest(on));
  });
}

function addButtons(pull: Command, target: Target, user: User): void {
  pull
    .command('rerun')
    .description('Press "Re-run" on one of its check runs.')
    .argument('<pr>', 'OWNER/NAME#NUMBER', parsePullName)
    .option('--check <name>', 'which', 'gatehouse/check')
    .action(async (on: PullName, { check }: { check: string }) => {
      const client = await target();
      const run = await checkOf(client, on, check);
      await client.rerunCheckRun({ repository: on.repository, checkRun: run.id, user: user() });
      say(`Asked for ${check} to run again on ${name(on)}.`);
    });
  pull
    .command('press')
    .description('Press a button that a check run offers, for example approve or abort.')
    .argument('<pr>', 'OWNER/NAME#NUMBER', parsePullName)
    .argument('<button>', 'identifier of the button')
    .option('--check <name>', 'which check run', 'gatehouse/check')
    .action(async (on: PullName, identifier: string, { check }: { check: string }) => {
      const client = await target();
      const run = await checkOf(client, on, check);
      const { repository } = on;
      await client.pressCheckAction({ repository, checkRun: run.id, identifier, user: user() });
      say(`${user()} pressed ${identifier} on ${check} of ${name(on)}.`);
    });
}

async function openPull(client: SimClient, user: string, options: OpenOptions) {
  const { repository } = options;
  const author = options.fromFork === true ? OUTSIDER : user;
  const target = options.fromFork === true ? await forkOf(client, repository, author) : repository;
  const branch = `try-${Date.now().toString(36)}`;
  // The unit test of the demo's sample repository adds up the prices.
  const files =
    options.fail === true
      ? { 'data/total.txt': '0\n' }
      : { 'NOTES.md': `A small change, made at ${new Date().toISOString()}.\n` };
  const title =
    options.title ?? (options.fail === true ? 'Break the tests' : 'Make a small change');
  const message = title;
  await client.pushCommit({ repository: target, branch, user: author, files, message });
  const head = options.fromFork === true ? `${author}:${branch}` : branch;
  const draft = options.draft === true;
  return client.openPullRequest({ repository, user: author, head, title, draft });
}

/** The person's fork, made when there is none yet: GitHub allows one. */
async function forkOf(client: SimClient, repository: string, owner: string): Promise<string> {
  const { repositories } = await client.overview();
  const fork = repositories.find(
    (one) => one.forkOf === repository && one.repository.startsWith(`${owner}/`),
  );
  return fork?.repository ?? (await client.forkRepository({ repository, owner })).repository;
}

async function pushMore(client: SimClient, user: string, on: PullName) {
  const view = await client.pullRequest(on);
  const [owner, branch] = view.head.includes(':') ? view.head.split(':', 2) : [null, view.head];
  const repository =
    owner === null || owner === undefined
      ? on.repository
      : `${owner}/${on.repository.split('/')[1] ?? ''}`;
  const files = { 'NOTES.md': `Another small change, made at ${new Date().toISOString()}.\n` };
  const who = owner ?? user;
  return client.pushCommit({ repository, branch: branch ?? view.head, user: who, files });
}

async function checkOf(client: SimClient, on: PullName, check: string): Promise<CheckRunView> {
  const view = await client.pullRequest(on);
  const runs = view.suites.flatMap((suite) => suite.runs).filter((run) => run.name === check);
  const newest = runs.sort((a, b) => b.id - a.id)[0];
  if (newest === undefined) throw new Error(`${name(on)} has no check run named ${check}.`);
  return newest;
}

async function list(client: SimClient): Promise<void> {
  const { repositories } = await client.overview();
  for (const { repository, pullRequests } of repositories) {
    say(repository);
    for (const { number, title, state, checks } of pullRequests) {
      const shown = checks.map((check) => `${check.name}: ${check.conclusion ?? check.status}`);
      say(`  #${number} ${title} (${state}) ${shown.join(', ')}`);
    }
  }
}

function show(view: PullRequestView): void {
  say(`${view.repository}#${view.number} ${view.title} (${view.state}) ${view.url}`);
  for (const run of view.suites.flatMap((suite) => suite.runs)) {
    say(`  ${run.name}: ${run.conclusion ?? run.status} — ${run.title ?? ''}`);
    if (run.actions.length > 0) {
      say(`    buttons: ${run.actions.map((action) => action.identifier).join(', ')}`);
    }
  }
}

function name(on: PullName): string {
  return `${on.repository}#${on.number}`;
}
