/**
 * The one way to make mark-up: a tagged template that escapes whatever is put into it, unless it
 * is mark-up made the same way. Values belong into text or quoted attributes, nowhere else.
 */

/** Mark-up that was made by {@link html}; nothing else can stand for it. */
export interface Html {
  readonly markup: string;
}

/** What may be put into a template. Nothing is shown for null, undefined and false. */
export type Slot = Html | string | number | null | undefined | false | readonly Slot[];

/** Only what is in here is taken as mark-up: an object of the same shape from elsewhere is not. */
const made = new WeakSet<object>();

/** Makes mark-up. */
export function html(parts: TemplateStringsArray, ...slots: readonly Slot[]): Html {
  const markup = parts.reduce(
    (text, part, index) => text + (index === 0 ? '' : render(slots[index - 1])) + part,
    '',
  );
  const result = Object.freeze({ markup });
  made.add(result);
  return result;
}

/** Text with everything replaced that could be read as mark-up, in text and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function render(slot: Slot): string {
  if (slot === null || slot === undefined || slot === false) return '';
  if (typeof slot === 'string' || typeof slot === 'number') return escapeHtml(String(slot));
  if (isList(slot)) return slot.map(render).join('');
  return made.has(slot) ? slot.markup : escapeHtml(String(slot));
}

function isList(slot: Html | readonly Slot[]): slot is readonly Slot[] {
  return Array.isArray(slot);
}
