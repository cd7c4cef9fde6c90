/**
 * Reasons in plain words. One table for everything that people read — the host's run, the
 * dashboard, comments — so that the same verdict is explained in the same sentence everywhere.
 * Sentences are plain text without mark-up; whoever shows them escapes them.
 */
import type { BuildResult, Json, Reason, Trust } from '@gatehouse/model';
import type { Outcome } from './state.ts';

type Sentence = (reason: Reason) => string;

const overview: Readonly<Record<string, Sentence>> = {
  enqueued: ({ subject }) => `Entered the pipeline ${subject}.`,
  'already-live': ({ subject }) => `The pipeline ${subject} is already running this commit.`,
  'not-in-pipeline': ({ subject }) =>
    `The repository takes no part in a pipeline named ${subject}.`,
  'manager-not-available': ({ subject, seen }) =>
    `The pipeline ${subject} uses the ${word(seen)} manager, which this version cannot run yet.`,
  'item-is-over': () => 'This run is over already.',
  'unknown-run': () => 'This run is not known here any more.',
  'event-dropped': () => 'An event could not be worked on and was set aside.',
};

const endings: Readonly<Record<string, Sentence>> = {
  'job-failed': ({ subject, seen }) => `Job ${subject} ${failureText(seen)}.`,
  'all-jobs-skipped': () => 'Every job was skipped, so there is nothing to judge.',
  'no-jobs': ({ subject }) => `No job of the pipeline ${subject} applies to this change.`,
  'merge-conflict': ({ seen }) =>
    typeof seen === 'string' ? sentence(seen) : 'The change cannot be merged into its base.',
  'change-moved-on': ({ seen }) => `The change moved on while it was being prepared${told(seen)}`,
  'state-not-built': ({ seen }) => `The state to test could not be built${told(seen)}`,
  'configuration-error': ({ subject, seen }) => `${subject}: ${word(seen)}`,
  'internal-error': ({ subject }) =>
    `Internal error. This run was stopped and kept as it was; quote ${subject} when you ask about it.`,
  aborted: ({ seen }) => `Aborted by ${word(seen)}.`,
  dequeued: ({ seen }) => `Taken out of the pipeline by ${word(seen)}.`,
  rerun: ({ seen }) => `Started again from the beginning by ${word(seen)}.`,
  superseded: ({ seen }) => `The pipeline ${word(seen)} took over from this run.`,
  'change-closed': () => 'The change was closed.',
  'new-head': ({ seen }) => `A newer commit was pushed (${short(seen)}).`,
  'new-base': ({ seen }) => `The change now goes to ${word(seen)}.`,
};

const trust: Readonly<Record<string, Sentence>> = {
  'head-not-trusted': ({ subject, seen }) =>
    `Commit ${short(subject)}${by(seen)} has to be approved before it may run: somebody with write` +
    ' access, other than the author, presses "Approve and run" or approves exactly this commit.',
  'removes-all-voting': ({ subject }) =>
    `The change's own configuration leaves none of the base's voting jobs in the pipeline ${subject}.`,
  'waits-for-trust': ({ subject }) =>
    `The pipeline ${subject} waits until somebody with write access approves this commit.`,
  'head-approved': ({ subject, seen }) => `${word(seen)} approved commit ${short(subject)}.`,
};

/** Why jobs were chosen or left out; the codes are the layout's. */
const selection: Readonly<Record<string, Sentence>> = {
  'pipeline-not-configured': ({ subject, seen }) =>
    `${word(seen)} gives the pipeline ${subject} no jobs here.`,
  'job-runs': ({ subject }) => `Job ${subject} runs.`,
  'job-altered': ({ subject }) =>
    `Job ${subject} runs because the change alters how it is configured.`,
  'job-needed': ({ subject, seen }) => `Job ${subject} runs because ${word(seen)} needs it.`,
  'job-branch-not-matched': ({ subject, seen, expected }) =>
    `Job ${subject} does not run: ${variantOf(subject, expected)} for the branch ${word(seen)}.`,
  'job-files-not-matched': ({ subject, seen, expected }) =>
    `Job ${subject} does not run: none of ${files(seen)} matches ${word(expected)}.`,
  'job-files-irrelevant': ({ subject, seen, expected }) =>
    `Job ${subject} does not run: only files that do not matter to it changed` +
    ` (${files(seen)}; they match ${word(expected)}).`,
};

const rights: Readonly<Record<string, Sentence>> = {
  'button-not-permitted': ({ subject, seen }) => `${holder(seen)} may not use "${subject}" here.`,
  'rerun-not-permitted': ({ subject, seen }) =>
    `${holder(seen)} may not run the pipeline ${subject} again.`,
  'unknown-button': ({ seen }) => `There is no button "${word(seen)}".`,
};

const reports: Readonly<Record<string, Sentence>> = {
  'unknown-build': ({ subject }) => `There is no build ${subject} in this run.`,
  'stale-report': ({ subject, seen }) =>
    `A report about try ${word(seen)} of build ${subject} came too late and was left out.`,
};

const triggers: Readonly<Record<string, Sentence>> = {
  'trigger-event-differs': ({ subject, seen }) =>
    `The pipeline ${subject} is not triggered by ${word(seen)}.`,
  'reviews-not-read': ({ subject }) =>
    `The pipeline ${subject} asks for reviews, which this version does not read yet.`,
  'statuses-not-read': ({ subject }) =>
    `The pipeline ${subject} asks for statuses, which this version does not read yet.`,
  'pattern-cannot-run': ({ subject, seen, expected }) =>
    `It cannot be said whether the pipeline ${subject} is meant: its ${word(expected)} asks for` +
    ` ${word(seen)}, and look-around and back-references cannot be run here.`,
  'trigger-suite-lacks-run': ({ subject }) =>
    `The pipeline ${subject} shows no run on this commit that could be run again.`,
};

/** Conditions as `require` and `reject` name them: needed, and refused. */
const conditions: Readonly<Record<string, readonly [needed: Sentence, refused: Sentence]>> = {
  open: [({ expected }) => `be ${expected === false ? 'closed' : 'open'}`, openness],
  merged: [
    ({ expected }) => `be ${expected === false ? 'unmerged' : 'merged'}`,
    ({ seen }) => `is ${seen === false ? 'not merged' : 'merged'}`,
  ],
  draft: [
    ({ expected }) => (expected === false ? 'be ready for review' : 'be a draft'),
    ({ seen }) => (seen === false ? 'is ready for review' : 'is a draft'),
  ],
  'current-patchset': [
    ({ expected }) => (expected === false ? 'be at an older commit' : 'be at its newest commit'),
    ({ seen }) => (seen === false ? 'is at an older commit' : 'is at its newest commit'),
  ],
  'trusted-author': [
    ({ expected }) =>
      expected === false
        ? 'come from an outside author'
        : 'come from a trusted author or be approved',
    ({ seen }) => `comes from ${seen === false ? 'an outside' : 'a trusted'} author`,
  ],
  label: [
    ({ expected }) => `carry the label ${word(expected)}`,
    ({ seen }) => `carries the label ${word(seen)}`,
  ],
  status: [
    ({ expected }) => `have one of the statuses ${word(expected)}`,
    ({ seen }) => `has a status that is refused (${word(seen)})`,
  ],
  review: [
    ({ expected }) => `have a review: ${word(expected)}`,
    ({ seen }) => `has a review that is refused (${word(seen)})`,
  ],
};

const sentences: Readonly<Record<string, Sentence>> = {
  ...overview,
  ...endings,
  ...trust,
  ...selection,
  ...rights,
  ...reports,
  ...triggers,
  ...conditionSentences(),
};

/** Attributes on which a trigger can miss, as `trigger-ATTRIBUTE-differs` names them. */
const TRIGGER_MISS = /^trigger-([a-z]+)-differs$/;

/**
 * One sentence for a reason. Total: a code without wording of its own (a newer version's record,
 * say) still gives its code, subject and what was seen.
 */
export function reasonText(reason: Reason): string {
  const sentence = Object.hasOwn(sentences, reason.code) ? sentences[reason.code] : undefined;
  if (sentence !== undefined) return sentence(reason);
  const attribute = TRIGGER_MISS.exec(reason.code)?.[1];
  if (attribute !== undefined) return triggerMiss(attribute, reason);
  const seen = reason.seen === undefined ? '' : ` (${word(reason.seen)})`;
  return `${reason.code.replaceAll('-', ' ')}: ${reason.subject}${seen}`;
}

/** True when {@link reasonText} has wording for the code and does not merely spell it out. */
export function hasReasonText(code: string): boolean {
  return Object.hasOwn(sentences, code) || TRIGGER_MISS.test(code);
}

/** How a run ended, in a few words such as `Waiting for approval`. */
export function outcomeText(outcome: Outcome): string {
  return outcomes[outcome];
}

const outcomes: Readonly<Record<Outcome, string>> = {
  success: 'All jobs passed',
  failure: 'Failed',
  'timed-out': 'Timed out',
  cancelled: 'Cancelled',
  skipped: 'Skipped',
  'action-required': 'Waiting for approval',
  misconfigured: 'Configuration error',
  conflict: 'Merge conflict',
  'internal-error': 'Internal error',
};

/** A build's result in a word or two, such as `timed out`. */
export function resultText(result: BuildResult): string {
  return results[result];
}

const results: Readonly<Record<BuildResult, string>> = {
  SUCCESS: 'passed',
  FAILURE: 'failed',
  TIMED_OUT: 'timed out',
  POST_FAILURE: 'failed while cleaning up',
  RETRY_LIMIT: 'gave up after its last try',
  NODE_FAILURE: 'found no runner',
  SKIPPED: 'skipped',
  CANCELED: 'cancelled',
  DISK_FULL: 'ran out of disk space',
  ERROR: 'could not be run',
};

/** Why a head may run, or that it may not, in one sentence. */
export function trustText(trust: Trust): string {
  if (!trust.isTrusted) {
    return `${trust.author} has ${trust.authorPermission} access, so this commit needs an approval to run.`;
  }
  const { ground } = trust;
  switch (ground.code) {
    case 'ref':
      return 'What is in the repository is trusted.';
    case 'head-in-base':
      return 'Trusted: the branch is in the repository itself.';
    case 'author-may-write':
      return `Trusted: ${ground.author} has write access.`;
    case 'approved':
      return `Trusted: ${ground.by} approved this commit.`;
  }
}

function conditionSentences(): Record<string, Sentence> {
  return Object.fromEntries(
    Object.entries(conditions).flatMap(([name, [needed, refused]]) => [
      [
        `requires-${name}`,
        (reason: Reason) => `${reason.subject}: the change has to ${needed(reason)}.`,
      ],
      [`rejects-${name}`, (reason: Reason) => refusal(name, reason, refused)],
    ]),
  );
}

/** `seen` null: a ref, which never meets a condition that only a proposed change can have. */
function refusal(name: string, reason: Reason, refused: Sentence): string {
  if (reason.seen === null) {
    return `${reason.subject}: the condition "${name}" only fits proposed changes, not branches or tags.`;
  }
  return `${reason.subject} refuses the change because it ${refused(reason)}.`;
}

function openness({ seen }: Reason): string {
  return `is ${seen === false ? 'closed' : 'open'}`;
}

function triggerMiss(attribute: string, { subject, seen, expected }: Reason): string {
  return `The pipeline ${subject} asks for ${attribute} ${word(expected)}, and it is ${word(seen)}.`;
}

function failureText(seen: Json | undefined): string {
  const result = Object.entries(results).find(([name]) => name === seen);
  return result?.[1] ?? 'did not succeed';
}

/** `: message` with an end, or just the end of the sentence. */
function told(seen: Json | undefined): string {
  const message = typeof seen === 'string' ? seen.trim() : '';
  return message === '' ? '.' : `: ${sentence(message)}`;
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

function holder(seen: Json | undefined): string {
  if (typeof seen !== 'object' || seen === null || !('login' in seen)) return 'This person';
  return `${word(seen.login)} (${word(seen.permission)} access)`;
}

function by(seen: Json | undefined): string {
  return typeof seen === 'string' && seen !== '' ? ` by ${seen}` : '';
}

/** The job has no fitting variant itself, or what it inherits from has none. */
function variantOf(subject: string, expected: Json | undefined): string {
  return expected === undefined || expected === subject
    ? 'it is not'
    : `${word(expected)}, which it inherits from, is not`;
}

/** Changed files as the layout counts them: the first few by name. */
function files(seen: Json | undefined): string {
  if (typeof seen !== 'object' || seen === null || !('first' in seen)) return word(seen);
  const { count, first } = seen;
  const named = Array.isArray(first) ? first.map((one: Json) => word(one)) : [];
  const rest = typeof count === 'number' ? count - named.length : 0;
  return rest > 0 ? `${named.join(', ')} and ${rest} more` : named.join(', ');
}

function short(sha: Json | undefined): string {
  return word(sha).slice(0, 8);
}

function word(value: Json | undefined): string {
  if (value === undefined || value === null || value === '') return 'nothing';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (!Array.isArray(value)) return JSON.stringify(value);
  return value.length === 0 ? 'nothing' : value.map((one: Json) => word(one)).join(' or ');
}
