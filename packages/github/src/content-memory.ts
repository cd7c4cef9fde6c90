/**
 * Files that were read, by the name of their content. They never go stale; they are kept so that a
 * file that did not change is the same object again, which whoever parses it can go by. The shared
 * cache keeps the text for longer than this process lives.
 */
import type { ConfigurationFile } from '@gatehouse/ports';

/** Some thousand files of usual size; those used longest ago go first. */
const keptCharsMax = 64 * 1024 * 1024;

/** Files by name. */
export interface ContentMemory {
  recall(name: string): ConfigurationFile | null;
  keep(name: string, file: ConfigurationFile): void;
}

/** @param charsMax of all kept files together */
export function createContentMemory(charsMax = keptCharsMax): ContentMemory {
  const files = new Map<string, ConfigurationFile>();
  let chars = 0;
  const forget = (name: string): void => {
    chars -= files.get(name)?.text.length ?? 0;
    files.delete(name);
  };
  return {
    recall(name) {
      const file = files.get(name);
      if (file === undefined) return null;
      files.delete(name);
      files.set(name, file);
      return file;
    },
    keep(name, file) {
      forget(name);
      files.set(name, file);
      chars += file.text.length;
      for (const oldest of files.keys()) {
        if (chars <= charsMax) return;
        forget(oldest);
      }
    },
  };
}
