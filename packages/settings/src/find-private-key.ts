import { readPrivateKey } from './private-key.ts';
import type { SettingsProblem } from './problems.ts';
import { quote, systemCode } from './quote.ts';
import type { RawSetting, RawSettings } from './settings-file.ts';

/** The key, or the one problem with it. */
export type KeyFinding =
  | { readonly ok: true; readonly pem: string }
  | { readonly ok: false; readonly problem: SettingsProblem };

/**
 * Finds the App's private key among the raw settings, as text or as a file.
 * @param readFile gives a file's text. @throws never; what `readFile` throws becomes a problem.
 */
export function findPrivateKey(raw: RawSettings, readFile: (path: string) => string): KeyFinding {
  const text = raw.get('GATEHOUSE_GITHUB_PRIVATE_KEY');
  const file = raw.get('GATEHOUSE_GITHUB_PRIVATE_KEY_FILE');
  const remedy =
    'Set GATEHOUSE_GITHUB_PRIVATE_KEY_FILE to the file that GitHub let you download, or ' +
    'GATEHOUSE_GITHUB_PRIVATE_KEY to its text.';
  const fail = (code: SettingsProblem['code'], given: RawSetting | undefined, message: string) => {
    const setting =
      file && !text ? 'GATEHOUSE_GITHUB_PRIVATE_KEY_FILE' : 'GATEHOUSE_GITHUB_PRIVATE_KEY';
    const source = given?.source ?? null;
    return { ok: false, problem: { setting, source, code, message, remedy } } as const;
  };
  if (text && file) {
    return fail('conflict', text, 'and GATEHOUSE_GITHUB_PRIVATE_KEY_FILE are both given.');
  }
  const given = text ?? file;
  if (given === undefined) return fail('missing', given, 'is required (or its _FILE form).');
  if (typeof given.value !== 'string') return fail('invalid', given, 'must be text.');
  let pem = given.value;
  if (file) {
    try {
      pem = readFile(given.value.trim());
    } catch (error) {
      const message = `names ${quote(given.value)}, which cannot be read${systemCode(error)}.`;
      return fail('file-unreadable', given, message);
    }
  }
  const reading = readPrivateKey(pem);
  return reading.ok ? reading : fail('invalid', given, `${reading.message}.`);
}
