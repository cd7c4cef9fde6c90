import { GatehouseError } from '@gatehouse/model';
import type { CheckAnnotation, CheckRunContent, CheckRunWriter } from '@gatehouse/ports';

/** A check run as the code host keeps it. */
export interface KeptRun {
  readonly number: number;
  content: CheckRunContent;
  readonly annotations: CheckAnnotation[];
}

/** A code host's check runs; what goes wrong goes wrong once. */
export interface FakeCheckRuns extends CheckRunWriter {
  readonly runs: KeptRun[];
  /** Names of the methods in the order of their calls. */
  readonly calls: string[];
  /** The next write happens, but its answer is lost. */
  loseAnswer(): void;
  /** The next write does not happen. */
  fail(): void;
  /** The next write ends after this many of its annotations. */
  stopAfter(annotations: number): void;
}

type Trouble = { readonly kind: 'lost' | 'failed' } | { readonly kind: 'cut'; after: number };

/** No check runs yet. */
export function fakeCheckRuns(): FakeCheckRuns {
  let trouble: Trouble | null = null;
  const away = () => new GatehouseError('GATE_GITHUB_UNAVAILABLE', 'no answer');
  const begin = (name: string): Trouble | null => {
    fake.calls.push(name);
    const now = trouble;
    trouble = null;
    if (now?.kind === 'failed') throw away();
    return now;
  };
  const add = (run: KeptRun, content: CheckRunContent, now: Trouble | null): void => {
    run.annotations.push(
      ...content.annotations.slice(0, now?.kind === 'cut' ? now.after : undefined),
    );
    if (now !== null) throw away();
  };
  const fake: FakeCheckRuns = {
    runs: [],
    calls: [],
    loseAnswer: () => {
      trouble = { kind: 'lost' };
    },
    fail: () => {
      trouble = { kind: 'failed' };
    },
    stopAfter: (after) => {
      trouble = { kind: 'cut', after };
    },
    createCheckRun: async (_repository, content) => {
      const now = begin('create');
      const run = { number: fake.runs.length + 1, content, annotations: [] };
      fake.runs.push(run);
      add(run, content, now);
      return run.number;
    },
    updateCheckRun: async (_repository, number, content) => {
      const now = begin('update');
      const run = fake.runs.find((one) => one.number === number);
      if (run === undefined) throw new GatehouseError('GATE_GITHUB_NOT_FOUND', 'no such run');
      run.content = content;
      add(run, content, now);
    },
    findCheckRun: async (_repository, { buildset }) => {
      begin('find');
      const run = fake.runs.find((one) => one.content.buildset === buildset);
      return run === undefined
        ? null
        : { checkRun: run.number, annotationsCount: run.annotations.length };
    },
  };
  return fake;
}
