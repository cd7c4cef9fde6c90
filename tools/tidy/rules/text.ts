import { lineAt } from '../scan.ts';
import type { Finding, Rule } from '../workspace.ts';

/** A file that is longer holds more than one idea. */
const fileLinesMax = 400;

/** Long by nature, with the reason. An entry that is no longer needed is a finding. */
const longByNature: Readonly<Record<string, string>> = {};

/** Sources stay short enough to read at one go. */
export const lengthRule: Rule = lengthRuleWith(longByNature);

/** As `lengthRule`, with another list of exemptions: path → reason. */
export function lengthRuleWith(exempt: Readonly<Record<string, string>>): Rule {
  return {
    name: `no source file is longer than ${fileLinesMax} lines`,
    check: ({ sources }) => {
      const long = sources.filter(({ text }) => text.trimEnd().split('\n').length > fileLinesMax);
      const tooLong = long
        .filter(({ path }) => !(path in exempt) && !/\.generated\.ts$/.test(path))
        .map(({ path }) => wholeFile(path, `longer than ${fileLinesMax} lines: split it by idea`));
      const stale = Object.keys(exempt)
        .filter((path) => !long.some((source) => source.path === path))
        .map((path) => wholeFile(path, 'no longer long: remove it from longByNature'));
      return [...tooLong, ...stale];
    },
  };
}

function wholeFile(file: string, message: string): Finding {
  return { file, line: 0, rule: 'length', message };
}

/** What is written down holds on every machine. */
export const machinePathRule: Rule = {
  name: 'no file names a path of one machine',
  check: ({ tree }) =>
    [...tree]
      .filter(([file]) => file !== 'pnpm-lock.yaml')
      .flatMap(([file, text]) =>
        [...text.matchAll(/(?<![\w.~/@:}-])\/(?:work|home|Users|root)\/[\w.-]/g)].map(
          ({ index }) => ({
            file,
            line: lineAt(text, index),
            rule: 'machine-path',
            message: 'a path of one machine: derive it from import.meta.url, or from a setting',
          }),
        ),
      ),
};
