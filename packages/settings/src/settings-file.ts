/** Reads the settings file: YAML, one mapping from setting to value. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { nearest } from './nearest.ts';
import type { SettingsProblem } from './problems.ts';
import { type SettingVariable, settingTable, VARIABLE_PREFIX } from './setting-table.ts';

/** A value as it was given. */
export interface RawSetting {
  /** A string from the environment; a scalar or a list from the file. */
  readonly value: unknown;
  /** For example `gatehouse.yaml, line 3`. */
  readonly source: string;
}

/** Values by setting, from wherever they came. */
export type RawSettings = ReadonlyMap<SettingVariable, RawSetting>;

/** What a settings file holds. */
export interface SettingsFile {
  readonly values: RawSettings;
  readonly problems: readonly SettingsProblem[];
}

/** @param path only named in messages. */
export function readSettingsFile(path: string, text: string): SettingsFile {
  const values = new Map<SettingVariable, RawSetting>();
  const problems: SettingsProblem[] = [];
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  for (const error of document.errors) {
    const line = lines.linePos(error.pos[0]).line;
    problems.push(malformed(path, `is not valid YAML at line ${line} (${error.code})`));
  }
  if (problems.length > 0 || document.contents === null) return { values, problems };
  if (!isMap(document.contents)) {
    problems.push(malformed(path, 'must hold `key: value` lines at its top level'));
    return { values, problems };
  }
  for (const pair of document.contents.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '?';
    const position = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
    const source = `${path}, line ${lines.linePos(position).line}`;
    const setting = settingTable.find((candidate) => candidate.fileKey === key);
    if (setting === undefined) problems.push(unknownKey(key, source));
    else {
      const plain = toPlain(pair.value, document);
      if (plain !== null && plain !== '') values.set(setting.variable, { value: plain, source });
    }
  }
  return { values, problems };
}

/**
 * Text, boolean, null, or a list of these; anything else stays what it is and fits no setting.
 * Numbers stay as they are written: a secret of digits must not lose its leading zero.
 */
function toPlain(node: unknown, document: Document.Parsed): unknown {
  const target = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(target)) return target.items.map((item) => toPlain(item, document));
  if (!isScalar(target)) return target;
  return typeof target.value === 'number' ? (target.source ?? target.value) : target.value;
}

function malformed(path: string, message: string): SettingsProblem {
  return {
    setting: path,
    source: 'named by GATEHOUSE_CONFIG',
    code: 'file-malformed',
    message,
    remedy: 'Compare it with config/gatehouse.example.yaml.',
  };
}

function unknownKey(key: string, source: string): SettingsProblem {
  const bare = key.toLowerCase().replace(VARIABLE_PREFIX.toLowerCase(), '');
  const known = nearest(
    bare,
    settingTable.map((setting) => setting.fileKey),
  );
  return {
    setting: key,
    source,
    code: 'unknown',
    message: 'is not a setting.',
    remedy: known === null ? 'Remove it.' : `Did you mean ${known}?`,
  };
}
