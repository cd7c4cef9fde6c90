/** A Dockerfile as its instructions, as far as tests have to understand it. */

/** One instruction, its continuation lines joined. */
export interface Instruction {
  /** In capitals. */
  readonly name: string;
  readonly rest: string;
}

/** What stands between one FROM and the next. */
export interface Stage {
  /** Null: it was given none. */
  readonly name: string | null;
  /** The image, or the name of an earlier stage; arguments replaced by their defaults. */
  readonly from: string;
  readonly instructions: readonly Instruction[];
}

/** Stages in order. @throws Error for a line that is no instruction. */
export function readDockerfile(text: string): readonly Stage[] {
  const all = instructionsOf(text);
  const firstFrom = all.findIndex(({ name }) => name === 'FROM');
  const defaults = argumentsOf(all.slice(0, firstFrom));
  const stages: { name: string | null; from: string; instructions: Instruction[] }[] = [];
  for (const instruction of all.slice(firstFrom)) {
    if (instruction.name === 'FROM') stages.push(openStage(instruction.rest, defaults));
    else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

/** The rest of every instruction of one name. */
export function restsOf(stage: Stage, name: string): readonly string[] {
  return stage.instructions.filter((one) => one.name === name).map(({ rest }) => rest);
}

/** Words of the exec form, `["a", "b"]`. @throws Error for the shell form. */
export function execForm(rest: string): readonly string[] {
  const words: unknown = JSON.parse(rest);
  if (!Array.isArray(words)) throw new Error(`not the exec form: ${rest}`);
  return words.map(String);
}

/** `NAME=value NAME="value" …` of ENV, LABEL and ARG. */
export function assignments(rest: string): ReadonlyMap<string, string> {
  return new Map(
    [...rest.matchAll(/([\w.-]+)=(?:"([^"]*)"|(\S*))/g)].map((match) => [
      match[1] ?? '',
      match[2] ?? match[3] ?? '',
    ]),
  );
}

function instructionsOf(text: string): readonly Instruction[] {
  const lines = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const match = /^([A-Z]+)\s+(.+)$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) {
      throw new Error(`not an instruction: ${line}`);
    }
    return { name: match[1], rest: match[2].trim() };
  });
}

function argumentsOf(instructions: readonly Instruction[]): ReadonlyMap<string, string> {
  return new Map(
    instructions.filter(({ name }) => name === 'ARG').flatMap(({ rest }) => [...assignments(rest)]),
  );
}

function openStage(rest: string, defaults: ReadonlyMap<string, string>) {
  const [image = '', , name] = rest.split(/\s+/);
  const from = image.replaceAll(/\$\{(\w+)\}/g, (_text, key: string) => defaults.get(key) ?? '');
  return { name: name ?? null, from, instructions: [] };
}
