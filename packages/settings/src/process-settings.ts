/** The only place that looks at the process's environment. */
import { readFileSync } from 'node:fs';
import { readSettings, type SettingsReading } from './read-settings.ts';

/** Reads the settings of this process from its environment and the file that it names. */
export function readSettingsFromProcess(): SettingsReading {
  return readSettings({
    env: process.env,
    readFile: (path) => readFileSync(path, 'utf8'),
  });
}
