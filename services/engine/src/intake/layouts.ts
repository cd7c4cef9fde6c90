/**
 * Layouts of bases, and of what changes propose for them. The sources are asked for every time (a
 * conditional request for each repository when nothing changed); a layout is remembered by what it
 * was read from, and a file that did not change is not read again for the next one.
 */
import { type Layout, type LayoutSource, loadLayout } from '@gatehouse/layout';
import {
  type ConfigurationProblem,
  isTemporaryBranch,
  ownerOf,
  type RepositoryKey,
} from '@gatehouse/model';
import type {
  Clock,
  ConfigurationReader,
  ConfigurationStanding,
  ConfigurationSurvey,
  Log,
} from '@gatehouse/ports';
import { createBaseSources } from './base-sources.ts';
import { createBoundedMemory } from './bounded-memory.ts';
import { hasOpenNames } from './open-names.ts';
import { createOtherRepositories } from './other-repositories.ts';
import {
  hasFiles,
  isOwnerRepository,
  keyOf,
  type LayoutQuestion,
  proposedSource,
  type ReadSource,
  unreadableProblems,
  withoutReplaced,
} from './sources.ts';
import { standingOf } from './standing-of.ts';

/** Parsed layouts kept in memory. */
const LAYOUTS_MAX = 500;
/** What their own files may have together, in characters; one repository's may have 8 Mi. */
const OWN_CHARS_MAX = 64 * 1024 * 1024;
/** The default branch, whatever it is called. */
const DEFAULT_BRANCH = 'HEAD';

/** A layout with what is wrong in the repository's own sources and its owner's. */
export interface LoadedLayout {
  readonly layout: Layout;
  readonly problems: readonly ConfigurationProblem[];
  /** Changes exactly when the files of the branch that was asked for do. */
  readonly ownHash: string;
  /** True when that branch has configuration. */
  readonly hasOwnFiles: boolean;
  /** What it was read from, apart from the owner's other repositories. */
  readonly sources: readonly ReadSource[];
  readonly own: ReadSource;
  /** The owner's other repositories; empty while no name was looked for there. */
  readonly others: readonly ReadSource[];
  readonly question: LayoutQuestion;
  /** Changes exactly when any of the sources does. */
  readonly key: string;
}

/** Gives layouts. */
export interface Layouts {
  /** The layout of a base. Null: the repository or the ref is gone. */
  at(question: LayoutQuestion): Promise<LoadedLayout | null>;
  /**
   * The layout of a base with what a change proposes: of the change's files only what may come from
   * one counts, the rest is only checked. The base itself when the change does not touch any.
   * Null: the ref is gone.
   */
  proposed(
    base: LoadedLayout,
    repository: RepositoryKey,
    ref: string,
  ): Promise<LoadedLayout | null>;
  /** How a configuration stands now. Null: the repository is gone. */
  standing(question: LayoutQuestion): Promise<ConfigurationStanding | null>;
  /** What the default branch says, for its pipelines; names are not looked for elsewhere. */
  ofDefaultBranch(repository: RepositoryKey): Promise<Layout | null>;
  /** Told when an owner's installation changed: what was missing or hidden may be there now. */
  forgetOwner(login: string): void;
  /** Told when a ref moved or went. */
  forgetRef(repository: RepositoryKey, ref: string): void;
}

/** What layouts are read with. */
export interface LayoutsDeps {
  readonly configuration: ConfigurationReader & ConfigurationSurvey;
  readonly clock: Clock;
  readonly log: Log;
  /** Told how a configuration stands with every base that is loaded as it is now, sound or not. */
  readonly noteStanding: (standing: ConfigurationStanding) => void;
  /** Told that what stands in a repository was read at a commit that was pushed. */
  readonly noteMoved: (repository: RepositoryKey) => void;
}

/** Makes the cache; it holds nothing that cannot be read again. */
export function createLayouts(deps: LayoutsDeps): Layouts {
  const bases = createBaseSources(deps);
  const otherRepositories = createOtherRepositories(deps);
  const parse = createParser();

  async function complete(found: Sources): Promise<LoadedLayout> {
    const loaded = parse(found);
    if (!loaded.isOpen || found.others.length > 0) return loaded;
    const others = await otherRepositories.read(found.question);
    return others.length === 0 ? loaded : parse({ ...found, others });
  }

  async function loadBase(question: LayoutQuestion) {
    const readAt = deps.clock.now();
    const base = await bases.read(question);
    if (base === null) return null;
    const { sources, own } = base;
    const loaded = await complete({ question, sources, own, others: [] });
    const standing =
      base.standing === null ? null : standingOf({ loaded, standing: base.standing, readAt });
    const isOfCommit = question.ref !== question.branch && base.standing?.includes(own) === true;
    return { loaded, standing, isOfCommit };
  }

  return {
    async at(question) {
      const base = await loadBase(question);
      if (base === null) return null;
      // A push may be worked on after a newer one: those that were missed come newest first.
      if (base.isOfCommit) deps.noteMoved(question.repository);
      else if (base.standing !== null) deps.noteStanding(base.standing);
      return base.loaded;
    },
    standing: async (question) => (await loadBase(question))?.standing ?? null,
    async proposed(base, repository, ref) {
      const { question, sources, own, others } = base;
      if (isTemporaryBranch(own.source.branch ?? '')) return base;
      const files = await deps.configuration.readConfiguration(repository, ref);
      if (files === null) return null;
      if (files.contentHash === base.ownHash) return base;
      const proposal = proposedSource(own, files);
      return complete({ question, sources: [...sources, proposal], own: proposal, others });
    },
    async ofDefaultBranch(repository) {
      const question: LayoutQuestion = {
        repository,
        ref: DEFAULT_BRANCH,
        branch: null,
        defaultBranch: null,
        isPublic: true,
        isNow: false,
      };
      const base = await bases.read(question);
      return base === null ? null : parse({ question, ...base, others: [] }).layout;
    },
    forgetOwner(login) {
      bases.forgetOwner(login);
      otherRepositories.forgetOwner(login);
    },
    forgetRef(repository, ref) {
      // What was pushed to is there, whatever was found a moment ago.
      if (isOwnerRepository(repository)) bases.forgetOwner(ownerOf(repository));
      otherRepositories.forget(repository);
      bases.forgetBranch(repository, ref.replace(/^refs\/heads\//, ''));
    },
  };
}

interface Sources {
  readonly question: LayoutQuestion;
  readonly sources: readonly ReadSource[];
  readonly own: ReadSource;
  readonly others: readonly ReadSource[];
}

interface Parsed extends LoadedLayout {
  /** True: a name is undefined that another repository might define. */
  readonly isOpen: boolean;
}

/** Sources → layout, remembered by what the sources hold. */
function createParser(): (found: Sources) => Parsed {
  const known = createBoundedMemory<Parsed>({ countMax: LAYOUTS_MAX, weightMax: OWN_CHARS_MAX });
  return (found) => {
    const { question, sources, own, others } = found;
    // Two protected branches have the same sources and differ in which of them is their own.
    const { branch } = own.source;
    const about = JSON.stringify([question.repository, branch]);
    const key = `${about} ${keyOf(sources)} ${keyOf(others)}`;
    const earlier = known.recall(key);
    const parsed = earlier ?? parse(found, key);
    if (earlier === undefined) known.keep(key, parsed, charsOf(own));
    return { ...parsed, question, sources, own, others };
  };
}

/** Of its own files alone: the others are shared by many layouts. */
function charsOf({ source }: ReadSource): number {
  return source.files.reduce((sum, { text }) => sum + text.length, 0);
}

function parse(found: Sources, key: string): Parsed {
  const { question, sources, own, others } = found;
  const loaded = loadLayout([...sources, ...others].map(({ source }) => source));
  const isOwn = isOneOf(sources.map(({ source }) => source));
  const problems = [...unreadableProblems(sources), ...loaded.problems].filter(isOwn);
  const layout = withUnreadable(withoutOthers(loaded.layout, isOwn), sources);
  const { repository } = question;
  const { branch } = own.source;
  return {
    layout,
    problems,
    ownHash: own.contentHash,
    hasOwnFiles: hasFiles(own),
    isOpen: hasOpenNames({ layout, problems, repository, branch }),
    key,
    ...found,
  };
}

type IsOwn = (placed: { readonly repository: string }) => boolean;

function isOneOf(sources: readonly LayoutSource[]): IsOwn {
  const names = new Set(sources.map(({ repository }) => repository.toLowerCase()));
  return ({ repository }) => names.has(repository.toLowerCase());
}

/** Other repositories define jobs and templates; nothing else of theirs concerns this one. */
function withoutOthers(layout: Layout, isOwn: IsOwn): Layout {
  return {
    ...layout,
    projects: layout.projects.filter(({ place }) => isOwn(place)),
    broken: layout.broken.filter(
      ({ type, place }) => isOwn(place) || type === 'job' || type === 'project-template',
    ),
  };
}

/** What could not be read might define anything, as a file with an error in its syntax might. */
function withUnreadable(layout: Layout, sources: readonly ReadSource[]): Layout {
  const broken = unreadableProblems(withoutReplaced(sources)).map(
    ({ repository, branch, path }) => ({
      type: 'file' as const,
      name: path,
      place: { repository, branch, path, line: 1 },
    }),
  );
  return broken.length === 0 ? layout : { ...layout, broken: [...layout.broken, ...broken] };
}
