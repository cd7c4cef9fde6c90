/**
 * The fields that configured values may name, such as `{change.number}` (configuration language,
 * A2). They are filled in here, because the build's id is known only now. Titles and bodies are
 * not among them: whoever writes those would write into a command.
 */
import type { Attempt } from './attempt.ts';

const FIELD =
  /(?<!\$)\{(change\.(?:number|repository|head_sha|base_ref|sha|url)|pipeline|build\.id)\}/g;

/** Characters that no shell acts on, inside quotes or outside of them. */
const HARMLESS = /^[A-Za-z0-9_./:@%+,=-]*$/;

/** A field that is empty for refs is the empty text. */
function textOf({ item, build }: Attempt, field: string): string {
  const { change, state } = item;
  const isProposed = change.kind === 'proposed';
  switch (field) {
    case 'change.number':
      return isProposed ? String(change.number) : '';
    case 'change.repository':
      return change.repository;
    case 'change.head_sha':
      return change.headSha;
    case 'change.base_ref':
      return isProposed ? change.baseRef : '';
    case 'change.sha':
      return state?.sha ?? change.headSha;
    case 'change.url':
      return change.url;
    case 'pipeline':
      return item.pipeline.name;
    default:
      return build.id;
  }
}

/** Fills fields into a URL; values are encoded, so that they stay within their part of it. */
export function fillUrl(attempt: Attempt, template: string): string {
  return fill(template, (field) => encodeURIComponent(textOf(attempt, field)));
}

/** Fills fields into a header's value. */
export function fillHeader(attempt: Attempt, template: string): string {
  return fill(template, (field) => textOf(attempt, field));
}

/** A filled command line, or the field whose value a shell would act on. */
export type FilledCommand =
  | { readonly ok: true; readonly command: string }
  | { readonly ok: false; readonly field: string };

/**
 * Fills fields into a command line. A branch may be named `$(…)`; quoting cannot help, because the
 * field may stand inside quotes, so such a value is refused: the environment variable is safe.
 * `${pipeline}` is the shell's own and stays.
 */
export function fillCommand(attempt: Attempt, template: string): FilledCommand {
  for (const [, field = ''] of template.matchAll(FIELD)) {
    if (!HARMLESS.test(textOf(attempt, field))) return { ok: false, field };
  }
  return { ok: true, command: fill(template, (field) => textOf(attempt, field)) };
}

function fill(template: string, replace: (field: string) => string): string {
  return template.replaceAll(FIELD, (_whole, field: string) => replace(field));
}
