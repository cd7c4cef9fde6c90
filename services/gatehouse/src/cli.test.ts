import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';

const cli = join(import.meta.dirname, 'cli.ts');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a shell does, without settings of whoever runs the tests. */
function run(...args: readonly string[]): Promise<Ended> {
  const env = { PATH: process.env.PATH };
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

describe('gatehouse --help', () => {
  test('lists every command in one line', async () => {
    const { stdout, code } = await run('--help');

    const list = stdout.slice(stdout.indexOf('Commands:'));
    expect(list).toMatchInlineSnapshot(`
      "Commands:
        serve                 Run the service.
        demo                  Run it against a simulated GitHub.
        http-key <owner>      Print the key that signs an owner's http jobs.
        show-defaults         Print the built-in pipelines.
        lint [target]         Check configuration before a run fails on it.
        show-layout [target]  Print what configuration resolves to.
        explain [target]      Say why each job would run, or not.
        app-manifest          Print what GitHub's App creation page needs.
        sim                   Act as a person on the demo's GitHub.
        help [command]        display help for command
      "
    `);
    expect(code).toBe(0);
  });

  test.each(['lint', 'show-layout', 'explain'])(
    'of %s explains target and options',
    async (name) => {
      const { stdout, code } = await run(name, '--help');

      expect(stdout).toContain(`Usage: gatehouse ${name} [options] [target]`);
      expect(stdout).toMatch(/^ {2}target {2,}directory, file, (?:or )?OWNER\/NAME\[@REF\]/m);
      expect(stdout).toContain('--format <format>');
      expect(code).toBe(0);
    },
  );
});

describe('a result', () => {
  const sample = join(import.meta.dirname, '../../../config/samples/smallest');
  const nowhere = { PATH: process.env.PATH };

  test('that nobody reads to its end is no fault', async () => {
    const child = spawn(process.execPath, [cli, 'show-defaults'], { env: nowhere });
    child.stdout.destroy();

    const [[code], stderr] = await Promise.all([once(child, 'exit'), text(child.stderr)]);

    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test.skipIf(process.platform !== 'linux')('that cannot be written is told', async () => {
    const line = '"$0" "$1" lint "$2" > /dev/full';
    const child = spawn('sh', ['-c', line, process.execPath, cli, sample], { env: nowhere });

    const [[code], stderr] = await Promise.all([once(child, 'exit'), text(child.stderr)]);

    expect(stderr).toMatch(/^The result cannot be written: ENOSPC.*\n$/);
    expect(code).toBe(2);
  });
});

describe('what is not understood', () => {
  const cases: readonly [readonly string[], number, string][] = [
    [['lnt'], 1, "unknown command 'lnt'\n(Did you mean lint?)"],
    [['lint', '--format', 'xml'], 2, 'Allowed choices are text, json, sarif, github.'],
    [['explain', '--pipelin', 'check'], 2, '(Did you mean --pipeline?)'],
    [['explain', 'a', 'b'], 2, "too many arguments for 'explain'. Expected 1 argument but got 2"],
    [['explain', 'nowhere'], 2, 'There is no file or directory nowhere here'],
    [['explain', 'acme/api#7'], 2, 'To read from GitHub, the settings of the service are needed.'],
    [['lint', 'acme/api#7'], 2, 'is a pull request, which only gatehouse explain takes.'],
  ];

  test.each(cases)('%j is told on stderr', async (args, exitCode, message) => {
    const { code, stdout, stderr } = await run(...args);

    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(stdout).toBe('');
    expect(code).toBe(exitCode);
  });
});
