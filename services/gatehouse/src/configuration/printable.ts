/** Names, paths and lines come from strangers; a terminal, or GitHub's log, must not obey them. */

/**
 * Text for one line: every character that would be obeyed instead of shown is a space, ends of
 * lines as well, so that columns stay where they are and no line begins with somebody's words.
 */
export function inOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, ' ');
}
