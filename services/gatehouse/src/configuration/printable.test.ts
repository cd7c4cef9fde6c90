import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { explain } from './explain.ts';
import { lint } from './lint.ts';
import { showLayout } from './show-layout.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatehouse-printable-'));
  await mkdir(join(directory, '.gatehouse.d'));
  const hostile = `- job: {name: "a\\e[31m\u202e", run: x, oops: "\u202ey"}
- job: {name: unit, description: "first\\n::error::second", run: "\\e[2J"}
- project: {check: {jobs: [unit, "b\\e[31m"]}}
`;
  await writeFile(join(directory, '.gatehouse.d/x\n::add-mask::\u001b[31m.yaml'), hostile);
});

afterEach(() => rm(directory, { recursive: true }));

test.each(['lint', 'show-layout', 'explain'] as const)(
  'what strangers wrote begins no line of %s, and is shown, not obeyed',
  async (command) => {
    const text = (await outputOf(command)) ?? '';

    expect(text).toContain('add-mask');
    expect(text).not.toMatch(/^\s*::/m);
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
  },
);

async function outputOf(command: 'lint' | 'show-layout' | 'explain'): Promise<string | null> {
  const openHost = () => Promise.reject(new Error('not asked'));
  const deps = { workingDirectory: directory, openHost, isColoured: false };
  const options = { format: 'text' } as const;
  if (command === 'lint') return (await lint(deps, '.', options)).result;
  if (command === 'explain') return (await explain(deps, '.', options)).result;
  const output = await showLayout(deps, '.', options);
  return output.ok ? output.result : output.complaint;
}
