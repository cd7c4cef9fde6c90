/**
 * The plan of the house: every room, which rooms it may import, and why. This table is the only
 * place where an arrow is allowed; ARCHITECTURE.md draws it. A new room or arrow is a line here,
 * with its reason.
 */

/** What a room is there for decides what is asked of it. */
export type Kind =
  | 'core'
  | 'leaf'
  | 'port'
  | 'adapter'
  | 'simulator'
  | 'testkit'
  | 'service'
  | 'root';

/** One room of the plan. */
export type RoomPlan = {
  readonly kind: Kind;
  /** Rooms its sources may import. */
  readonly may: readonly string[];
  /** Why these and no others. */
  readonly why: string;
  /** The only libraries a core room may use; other kinds use what their manifest declares. */
  readonly libraries?: readonly string[];
};

const adapter = {
  kind: 'adapter',
  may: ['packages/model', 'packages/ports', 'packages/telemetry'],
  why: 'an adapter fulfils a port and knows one outside system; adapters never import one another',
} as const;

const service = {
  kind: 'service',
  may: [
    'packages/annotations',
    'packages/contracts',
    'packages/layout',
    'packages/model',
    'packages/pipeline',
    'packages/ports',
    'packages/telemetry',
  ],
  why: 'a service reaches the outside through ports and another service through a queue',
} as const;

/** Every room by its folder. */
export const plan: Readonly<Record<string, RoomPlan>> = {
  'packages/model': {
    kind: 'core',
    may: [],
    why: 'everything imports the nouns, so whatever they import, everything does',
    libraries: [],
  },
  'packages/layout': {
    kind: 'core',
    may: ['packages/model'],
    why: 'configuration text in, layout out; it knows nothing of what runs it',
    libraries: ['re2js', 'yaml', 'zod'],
  },
  'packages/pipeline': {
    kind: 'core',
    may: ['packages/layout', 'packages/model'],
    why: 'the engine decides from state, event and layout alone, so that it can be replayed',
    // zod: records that come back from storage are parsed by the room that wrote them
    libraries: ['re2js', 'zod'],
  },
  'packages/annotations': {
    kind: 'core',
    may: ['packages/model'],
    why: 'report formats in, annotations out',
    libraries: ['zod'],
  },
  'packages/contracts': {
    kind: 'core',
    may: ['packages/model'],
    why: 'wire schemas say what others rely on, not how it is done here',
    libraries: ['zod'],
  },
  'packages/ports': {
    kind: 'port',
    may: ['packages/layout', 'packages/model', 'packages/pipeline'],
    why: 'a port speaks in nouns of the core; it knows neither who calls nor who answers',
  },
  'packages/settings': {
    kind: 'leaf',
    may: ['packages/model'],
    why: 'settings are read before anything else exists',
  },
  'packages/telemetry': {
    kind: 'leaf',
    may: ['packages/model'],
    why: 'everybody logs, so the logger may depend on nobody',
  },
  'packages/github': adapter,
  'packages/store': adapter,
  'packages/queue': adapter,
  'packages/github-sim': {
    kind: 'simulator',
    may: [],
    why: 'a GitHub that shared code with the adapter would share its mistakes',
  },
  'packages/testkit': {
    kind: 'testkit',
    may: [
      'packages/annotations',
      'packages/contracts',
      'packages/github-sim',
      'packages/layout',
      'packages/model',
      'packages/pipeline',
      'packages/ports',
      'packages/store',
      'packages/telemetry',
    ],
    // store: the Redis fixture starts the server that the store embeds, where no other is given
    why: 'fakes and conformance suites speak ports; the adapter under test is handed in',
  },
  'services/ingress': service,
  'services/engine': service,
  'services/merger': service,
  'services/runner': service,
  'services/reporter': service,
  'services/web': service,
  'services/dashboard': {
    kind: 'service',
    may: ['packages/contracts'],
    why: 'the browser part reads the status API and nothing else',
  },
  'services/gatehouse': {
    kind: 'root',
    may: [
      ...service.may,
      'packages/github',
      'packages/github-sim',
      'packages/queue',
      'packages/settings',
      'packages/store',
      'services/dashboard',
      'services/engine',
      'services/ingress',
      'services/merger',
      'services/reporter',
      'services/runner',
      'services/web',
    ],
    why: 'the composition root alone knows concrete adapters and services',
  },
};

/** What tests import on top of their room's arrows, by the kind of the room. */
const forTests: Readonly<Record<Kind, readonly string[]>> = {
  core: ['packages/testkit'],
  leaf: ['packages/testkit'],
  port: ['packages/testkit'],
  adapter: ['packages/github-sim', 'packages/testkit'],
  // its pages are tested in the browser that the testkit starts
  simulator: ['packages/testkit'],
  testkit: ['packages/github', 'packages/queue'],
  service: [
    'packages/github',
    'packages/github-sim',
    'packages/queue',
    'packages/store',
    'packages/testkit',
  ],
  root: ['packages/testkit'],
};

/**
 * The rooms that a file may import.
 *
 * @param room its own folder; `tests` and `tools` stand outside the house and may look anywhere
 * @param isTest whether the file is a test
 */
export function allowedFrom(room: string, isTest: boolean): readonly string[] {
  const own = plan[room];
  if (own === undefined) return Object.keys(plan);
  return isTest ? [...own.may, ...forTests[own.kind]] : own.may;
}
