/** Every sentence that a repository owner can read about configuration, by the kind of problem. */
import { ofFiles } from './of-files.ts';
import { ofItems } from './of-items.ts';
import { ofLayouts } from './of-layouts.ts';

/** The wording of every problem. */
export const wording = { ...ofFiles, ...ofItems, ...ofLayouts } as const;
