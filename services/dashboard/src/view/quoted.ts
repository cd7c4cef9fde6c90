/** Sentences of the service quote what stands in files between backticks. */

/** A part of a sentence. */
export interface Part {
  readonly text: string;
  /** True: it is quoted from a file. */
  readonly isQuoted: boolean;
}

/** The sentence in parts, without the backticks; one that is not closed stays as it is. */
export function partsOf(sentence: string): readonly Part[] {
  return sentence
    .split(/(`[^`]+`)/)
    .filter((text) => text !== '')
    .map((text) =>
      /^`[^`]+`$/.test(text)
        ? { text: text.slice(1, -1), isQuoted: true }
        : { text, isQuoted: false },
    );
}
