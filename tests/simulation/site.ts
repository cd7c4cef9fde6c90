/**
 * GitHub and the people on it: what they do changes the code host and sends webhooks, which arrive
 * in any order, late and twice. Check runs are kept as GitHub keeps them.
 */
import {
  type BuildsetId,
  type DeliveryId,
  deliveryId,
  GatehouseError,
  type ProposedChange,
  type RepositoryKey,
  repositoryKey,
  type TriggerFacts,
} from '@gatehouse/model';
import type { CheckAnnotation, CheckRunContent, CheckRunWriter, Notice } from '@gatehouse/ports';
import { type Files, type MemoryCodeHost, memoryCodeHost } from '@gatehouse/testkit';

/** A check run as people see it. */
export interface ShownCheck {
  readonly number: number;
  content: CheckRunContent;
  readonly annotations: CheckAnnotation[];
}

/** A webhook that has not been taken yet. */
export interface Webhook {
  readonly id: DeliveryId;
  readonly notice: Notice;
}

/** The site. */
export interface Site extends CheckRunWriter {
  readonly host: MemoryCodeHost;
  readonly checks: ShownCheck[];
  readonly webhooks: Webhook[];
  /** Webhooks so far: the same story gives them the same ids. */
  readonly sent: { count: number };
  /** Check runs on the current head of a change, oldest first. */
  checksOn(number: number): readonly ShownCheck[];
  change(number: number): ProposedChange;
}

/** Where everything happens. */
export const repository: RepositoryKey = repositoryKey('acme/api');

/** What every change is tested with; how a job ends is written in the title of the change. */
const configuration = `
- job: {name: unit, run: make unit}
- job: {name: e2e, run: make e2e, dependencies: [unit]}
- job: {name: lint, run: make lint, voting: false}
- job: {name: remote, http: 'https://ci.example/hook'}
- project: {check: {jobs: [unit, e2e, lint, remote]}}
`;

/** A site with one repository and nothing proposed yet. */
export function openSite(): Site {
  const host = memoryCodeHost();
  host.commit(repository, 'main', { '.gatehouse.yaml': configuration });
  host.people.set('ada', 'write');
  host.people.set('grace', 'write');
  const checks: ShownCheck[] = [];
  const change = (number: number) => host.edit(repository, number, {});
  return {
    host,
    checks,
    webhooks: [],
    sent: { count: 0 },
    change,
    checksOn: (number) =>
      checks.filter(({ content }) => content.headSha === change(number).headSha),
    createCheckRun: async (_repository, content) => {
      const number = checks.length + 1;
      checks.push({ number, content, annotations: [...content.annotations] });
      return number;
    },
    updateCheckRun: async (_repository, number, content) => {
      const check = checks.find((one) => one.number === number);
      if (check === undefined) throw new GatehouseError('GATE_GITHUB_REFUSED', 'no such run');
      check.content = content;
      check.annotations.push(...content.annotations);
    },
    findCheckRun: async (_repository, { buildset, headSha, name }) => {
      const found = checks.find(
        ({ content }) =>
          content.buildset === buildset && content.headSha === headSha && content.name === name,
      );
      if (found === undefined) return null;
      return { checkRun: found.number, annotationsCount: found.annotations.length };
    },
  };
}

/** What a person does. It may make no sense any more when they come to it. */
export type Act = (site: Site) => void;

/** Proposes a change. How its jobs end is in the title: `break unit`, `retry e2e`, `silence remote`. */
export function opens(
  number: number,
  title = '',
  different: { readonly isOutside?: boolean; readonly files?: Files } = {},
): Act {
  return (site) => {
    const isOutside = different.isOutside === true;
    const author = isOutside ? 'mallory' : 'ada';
    const { files = {} } = different;
    site.host.open({ repository, number, author, isHeadInBase: !isOutside, files });
    site.host.edit(repository, number, { title });
    tell(site, number, { action: 'opened' });
  };
}

export function pushes(number: number, files: Files = {}): Act {
  return (site) => {
    site.host.push(repository, number, { [`pushed-${site.sent.count}`]: '', ...files });
    tell(site, number, { action: 'changed' });
  };
}

export function closes(number: number): Act {
  return (site) => {
    site.host.edit(repository, number, { isOpen: false });
    tell(site, number, { action: 'closed' });
  };
}

export function reopens(number: number): Act {
  return (site) => {
    site.host.edit(repository, number, { isOpen: true });
    tell(site, number, { action: 'reopened' });
  };
}

export function says(number: number, comment: string): Act {
  return (site) => tell(site, number, { action: 'comment', comment });
}

/** Somebody else's change is merged. */
export function movesBase(): Act {
  return (site) => {
    site.host.commit(repository, 'main', { [`merged-${site.sent.count}`]: '' });
  };
}

/** GitHub takes its time to merge the change for a test, or has it done. */
export function isComputing(number: number, isSo: boolean): Act {
  return ({ host }) => {
    if (isSo) host.computing.add(number);
    else host.computing.delete(number);
  };
}

export function conflicts(number: number): Act {
  return ({ host }) => {
    host.conflicting.add(number);
  };
}

/** Presses a button on the newest run, if there is one by then. */
export function presses(number: number, identifier: string): Act {
  return (site) => {
    const check = site.checksOn(number).at(-1)?.content;
    if (check === undefined) return;
    const { headSha, buildset } = check;
    const trigger = { ...nothing, event: 'check_run', action: 'requested_action' };
    send(site, { kind: 'button', headSha, buildset, identifier, trigger, ...by('grace') });
  };
}

/** Presses "Re-run" on the newest run, if there is one by then. */
export function reruns(number: number): Act {
  return (site) => {
    const check = site.checksOn(number).at(-1)?.content;
    if (check === undefined) return;
    const about = { event: 'check_run', action: 'rerequested' };
    const shown = `gatehouse:${check.name}:${check.conclusion ?? ''}`;
    const buildset: BuildsetId = check.buildset;
    const trigger = { ...nothing, ...about, check: shown };
    send(site, { kind: 'head', headSha: check.headSha, buildset, trigger, ...by('ada') });
  };
}

const nothing: TriggerFacts = {
  event: 'pull_request',
  action: null,
  comment: null,
  label: null,
  reviewState: null,
  check: null,
  status: null,
  ref: null,
};

function by(login: string) {
  return { repository, sender: { login, isBot: false, isSelf: false } };
}

function tell(site: Site, number: number, about: Partial<TriggerFacts>): void {
  const trigger = { ...nothing, ...about };
  send(site, { kind: 'change', number, headSha: null, commentId: null, trigger, ...by('ada') });
}

function send(site: Site, notice: Notice): void {
  site.sent.count += 1;
  site.webhooks.push({ id: deliveryId(`webhook-${site.sent.count}`), notice });
}
