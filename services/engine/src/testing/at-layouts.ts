import { freezeJobs, pipelinesFor } from '@gatehouse/layout';
import { repositoryKey } from '@gatehouse/model';
import type { ConfigurationStanding } from '@gatehouse/ports';
import {
  type FakeClock,
  fakeClock,
  type MemoryCodeHost,
  memoryCodeHost,
  type RecordingLog,
  recordingLog,
} from '@gatehouse/testkit';
import {
  createLayouts,
  type Layouts,
  type LayoutsDeps,
  type LoadedLayout,
} from '../intake/layouts.ts';
import type { LayoutQuestion } from '../intake/sources.ts';

/** Layouts over a code host in memory. */
export interface AtLayouts {
  readonly host: MemoryCodeHost;
  readonly clock: FakeClock;
  readonly log: RecordingLog;
  readonly layouts: Layouts;
  /** What was told of how configurations stand. */
  readonly told: ConfigurationStanding[];
  /** Repositories of which was told that they were read at a pushed commit. */
  readonly moved: readonly string[];
  /** The layout of `acme/api` on a branch as it is now. */
  load(branch?: string | null, different?: Partial<LayoutQuestion>): Promise<LoadedLayout>;
  /** What the last load asked for. */
  asked(): readonly string[];
}

/** Makes them. @param different replaces parts of what they work with */
export function atLayouts(
  different: (host: MemoryCodeHost) => Partial<LayoutsDeps> = () => ({}),
): AtLayouts {
  const host = memoryCodeHost();
  const clock = fakeClock();
  const log = recordingLog();
  const told: ConfigurationStanding[] = [];
  const noteStanding = (one: ConfigurationStanding): void => {
    told.push(one);
  };
  const moved: string[] = [];
  const noteMoved = (repository: string): void => {
    moved.push(repository);
  };
  const deps = { configuration: host, clock, log, noteStanding, noteMoved };
  const layouts = createLayouts({ ...deps, ...different(host) });
  return {
    host,
    clock,
    log,
    layouts,
    told,
    moved,
    load: async (branch = 'main', asked = {}) => {
      host.calls.length = 0;
      host.configurationsRead.length = 0;
      const question = {
        repository: repositoryKey('acme/api'),
        ref: branch ?? '',
        branch,
        defaultBranch: 'main',
        isPublic: true,
        isNow: true,
        ...asked,
      };
      const loaded = await layouts.at(question);
      if (loaded === null) throw new Error('there is nothing to load');
      return loaded;
    },
    asked: () => {
      const files = [...host.configurationsRead];
      return host.calls.map((call) =>
        call === 'readConfiguration' ? (files.shift() ?? call) : call,
      );
    },
  };
}

/** Names of the jobs that run for `acme/api` on a branch, or what stands in the way. */
export function jobsOn(loaded: LoadedLayout, branch: string | null, pipeline = 'check') {
  const frozen = freezeJobs(loaded.layout, {
    repository: 'acme/api',
    branch,
    pipeline,
    changedFiles: null,
    base: null,
  });
  const errors = frozen.problems.filter(({ level }) => level === 'error');
  return errors.length > 0 ? errors.map(({ code }) => code) : frozen.jobs.map(({ name }) => name);
}

/** Names of the pipelines of `acme/api`. */
export function pipelinesOf(loaded: LoadedLayout): readonly string[] {
  return pipelinesFor(loaded.layout, 'acme/api').map(({ name }) => name);
}

/** A file that gives one command a job and runs it in `check`. */
export function runs(...names: readonly string[]): string {
  const jobs = names.map((name) => `- job: {name: ${name}, run: make ${name}}\n`);
  return `${jobs.join('')}- project: {check: {jobs: [${names.join(', ')}]}}\n`;
}

/** A job's text. */
export function job(name: string, more = `run: make ${name}`): string {
  return `- job: {name: ${name}, ${more}}\n`;
}

/** A pipeline's text. */
export function pipeline(name: string): string {
  return `- pipeline: {name: ${name}, manager: independent, trigger: {}}\n`;
}

/** Files of a commit. */
export function yaml(text: string): Record<string, string> {
  return { '.gatehouse.yaml': text };
}
