/**
 * What an unquoted word means. Zuul reads YAML 1.1 as PyYAML understands it, so `yes`, `on` and
 * `0644` mean here what they mean there.
 * Source: https://yaml.org/type/ and PyYAML's resolver (`y` and `n` alone stay text there).
 */
const BOOLEAN =
  /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON|(no|No|NO|false|False|FALSE|off|Off|OFF))$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const DECIMAL = /^[-+]?(?:0|[1-9][0-9_]*)$/;
const OCTAL = /^([-+]?)0([0-7_]+)$/;
const HEX = /^([-+]?)0x([0-9a-fA-F_]+)$/;
const BINARY = /^([-+]?)0b([01_]+)$/;
const SEXAGESIMAL = /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/;
const MAY_BE_SPECIAL = /^[-+.0-9~nNtTfFyYoO]|^$/;

/**
 * The value of a plain scalar. Whole numbers that a double cannot hold exactly, infinities, and
 * dates stay text: they have no exact JSON form.
 */
export function plainScalar(text: string): string | number | boolean | null {
  if (!MAY_BE_SPECIAL.test(text)) return text;
  const boolean = BOOLEAN.exec(text);
  if (boolean !== null) return boolean[1] === undefined;
  if (NULL.test(text)) return null;
  return numberOf(text) ?? text;
}

function numberOf(text: string): number | null {
  if (DECIMAL.test(text)) return exact(Number(bare(text)));
  if (FLOAT.test(text)) return finite(Number(bare(text)));
  return (
    based(OCTAL.exec(text), 8) ??
    based(HEX.exec(text), 16) ??
    based(BINARY.exec(text), 2) ??
    sexagesimal(text)
  );
}

function based(match: RegExpExecArray | null, base: number): number | null {
  if (match === null) return null;
  const digits = bare(match[2] ?? '');
  if (digits === '') return null;
  return exact((match[1] === '-' ? -1 : 1) * Number.parseInt(digits, base));
}

function sexagesimal(text: string): number | null {
  if (!SEXAGESIMAL.test(text)) return null;
  const sign = text.startsWith('-') ? -1 : 1;
  const parts = bare(text).replace(/^[-+]/, '').split(':');
  return exact(sign * parts.reduce((total, part) => total * 60 + Number(part), 0));
}

function bare(text: string): string {
  return text.replaceAll('_', '');
}

function exact(value: number): number | null {
  return Number.isSafeInteger(value) ? value : null;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
