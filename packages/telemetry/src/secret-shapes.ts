/**
 * What secrets look like when nobody told us their value. A shape is an opening and a run of
 * characters; from the moment the run is long enough it is a secret, however long it goes on.
 */

/** One shape. Regular expression sources hold no groups that capture. */
export interface SecretShape {
  /** The opening, one entry per character, so that a part of it can be recognised. */
  readonly opening: readonly string[];
  /** A character of the run. */
  readonly body: string;
  /** Length of the run from which it is a secret. */
  readonly bodyMin: number;
  /** True: the opening stays readable (`Bearer ***`). */
  readonly isOpeningShown: boolean;
}

const anyCase = (word: string): string[] =>
  [...word].map((letter) => (/[a-z]/.test(letter) ? `[${letter}${letter.toUpperCase()}]` : letter));

/**
 * GitHub's tokens (installation tokens of today are longer than 36 characters and may hold dots),
 * and what stands in an `Authorization` header.
 * Source: https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
 */
export const secretShapes: readonly SecretShape[] = [
  {
    opening: ['g', 'h', '[pousr]', '_'],
    body: '[A-Za-z0-9._]',
    bodyMin: 36,
    isOpeningShown: false,
  },
  { opening: [...'github_pat_'], body: '[A-Za-z0-9_]', bodyMin: 22, isOpeningShown: false },
  {
    opening: [...anyCase('bearer'), '[ \\t]{1,8}'],
    body: '[A-Za-z0-9._~+/=-]',
    bodyMin: 16,
    isOpeningShown: true,
  },
  {
    opening: [...anyCase('authorization:'), '[ \\t]{0,8}', ...anyCase('basic'), '[ \\t]{1,8}'],
    body: '[A-Za-z0-9+/=]',
    bodyMin: 8,
    isOpeningShown: true,
  },
];

/** Start of a private key in PEM; what follows is dropped up to {@link PEM_END}. */
export const PEM_OPENING: readonly string[] = [
  ...'-----BEGIN ',
  '[A-Z ]{0,20}?',
  ...'PRIVATE KEY-----',
];

/** End of a private key in PEM. */
export const PEM_END = /-----END [A-Z ]{0,20}?PRIVATE KEY-----/;

/** Longest PEM that is waited for; a 16,384-bit RSA key takes about 13,000 characters. */
export const PEM_LENGTH_MAX = 16_384;

/** A regular expression for the beginning of a shape, cut off anywhere, at the end of the text. */
export function partialSource(parts: readonly string[], body: string | null): string {
  const innermost = body === null ? '' : `(?:${body})*`;
  return parts.reduceRight(
    (rest, part, index) => (index === 0 ? `${part}${rest}` : `(?:${part}${rest})?`),
    innermost,
  );
}
