/** A compose file as tests have to understand it: merged, and with its variables filled in. */
import { parse } from 'yaml';

/** One service; only what tests look at. */
export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly secrets?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly user?: string;
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: {
    readonly test: readonly string[];
    readonly interval?: string;
    readonly timeout?: string;
    readonly start_period?: string;
  };
  readonly logging?: { readonly options?: Readonly<Record<string, string>> };
  readonly deploy?: {
    readonly resources?: { readonly limits?: Readonly<Record<string, string | number>> };
  };
}

/** The whole file. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file?: string }>>;
}

/** A variable that the file takes from the environment. */
export interface ComposeVariable {
  /** As it stands there. */
  readonly text: string;
  readonly name: string;
  /** What stands in for an absent one; null: there is nothing, and Compose stops. */
  readonly fallback: string | null;
  /** What Compose says when it stops. */
  readonly complaint: string | null;
}

/** `${NAME:-fallback}` or `${NAME:?complaint}`: the forms that treat empty as absent. */
const VARIABLE = /\$\{(\w+)(?::-([^}]*)|:\?([^}]*))\}/g;

/** The file, with anchors merged and no variable replaced. */
export function readCompose(text: string): ComposeFile {
  // The tests that use it look at each part; what is missing fails there.
  return parse(text, { merge: true }) as ComposeFile;
}

/** Every variable, each as often as it stands there. */
export function variablesOf(text: string): readonly ComposeVariable[] {
  return [...text.matchAll(VARIABLE)].map((match) => ({
    text: match[0],
    name: match[1] ?? '',
    fallback: match[2] ?? null,
    complaint: match[3] ?? null,
  }));
}

/**
 * The file with its variables filled in. Compose does that after it read the YAML, so that no value
 * can become another type or break a line.
 * @throws Error with the complaint about an absent variable.
 */
export function fillIn<Value>(value: Value, environment: Environment): Value {
  // What is replaced keeps its shape: text stays text, lists and maps stay what they are.
  return filled(value, environment) as Value;
}

type Environment = Readonly<Record<string, string>>;

function filled(value: unknown, environment: Environment): unknown {
  if (typeof value === 'string') {
    return variablesOf(value).reduce(
      (text, variable) => text.replace(variable.text, () => replacementOf(variable, environment)),
      value,
    );
  }
  if (Array.isArray(value)) return value.map((one) => filled(one, environment));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, filled(one, environment)]),
  );
}

function replacementOf(
  { name, fallback, complaint }: ComposeVariable,
  environment: Environment,
): string {
  const value = environment[name] ?? '';
  if (value !== '') return value;
  if (fallback === null) throw new Error(`${name}: ${complaint ?? ''}`);
  return fallback;
}
