/**
 * Forms that the browser script sends as JSON. A form names its call and carries what it already
 * knows; its fields are added by name: a checkbox is true or false, a name ending in `[]` a list,
 * everything else text. Without the script nothing is sent, and the page says so.
 */
import { type Html, html } from './html.ts';

export interface FormTarget {
  /** Name of the control API's action, or an own path below `/_page/`. */
  readonly call: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** `result`: follow the answer's `url`; otherwise the page stays and refreshes. */
  readonly after?: 'result';
  readonly className?: string;
  /** Said when it worked, for buttons whose effect is seen only later. */
  readonly done?: string;
}

/** A form around its fields and buttons. */
export function form(target: FormTarget, content: Html): Html {
  const path = target.call.startsWith('/') ? target.call : `/_sim/${target.call}`;
  return html`<form method="post" class="${target.className ?? ''}" data-call="${path}"
    data-input="${JSON.stringify(target.input)}" data-after="${target.after ?? 'refresh'}"
    data-done="${target.done ?? ''}">${content}</form>`;
}

export interface ButtonOptions {
  readonly label: string;
  readonly tone?: 'primary' | 'danger' | 'plain' | 'link';
  readonly isSmall?: boolean;
  /** Why it cannot be pressed; shown to whoever points at it. */
  readonly refusal?: string | null;
  readonly title?: string;
  /** What a screen reader says, where the label is a mere sign. */
  readonly spoken?: string;
  readonly name?: string;
  readonly value?: string;
}

/** A submitting button. */
export function button(options: ButtonOptions): Html {
  const { tone = 'plain', refusal = null } = options;
  const title = refusal ?? options.title ?? null;
  return html`<button class="button button-${tone}${options.isSmall === true && ' button-small'}"${
    options.name !== undefined && html` name="${options.name}" value="${options.value}"`
  }${options.spoken !== undefined && html` aria-label="${options.spoken}"`}${title !== null && html` title="${title}"`}${refusal !== null && html` disabled`}>${
    options.label
  }</button>`;
}

/** A form that is nothing but its button. */
export function buttonForm(target: FormTarget, options: ButtonOptions): Html {
  return form({ ...target, className: 'button-form' }, button(options));
}
