#!/usr/bin/env node
/**
 * The `gatehouse` command. What a command needs is loaded when it is called: most of them are over
 * before the service's parts would be.
 */
import { join, resolve } from 'node:path';
import { readSettingsFromProcess, renderSettingsProblems } from '@gatehouse/settings';
import { Command } from 'commander';
import { appManifestCommand } from './commands/app-manifest.ts';
import { explainCommand } from './commands/explain.ts';
import { lintCommand } from './commands/lint.ts';
import { complain, forgiveClosedPipes, say } from './commands/print.ts';
import { showLayoutCommand } from './commands/show-layout.ts';
import { simCommand } from './commands/sim.ts';
import type { TargetDeps } from './configuration/target.ts';
import { version } from './version.ts';

const environment = process.env;

/** The workspace's root: the data directory is looked for there unless a setting says otherwise. */
const root = join(import.meta.dirname, '..', '..', '..');

const program = new Command('gatehouse')
  .description('Zuul-style pipelines for GitHub.')
  .version(version)
  .configureHelp({ subcommandTerm: termOf })
  .showHelpAfterError(
    'gatehouse --help lists every command, gatehouse COMMAND --help explains it.',
  );

/** They do more than print, and end by themselves. */
const services = ['serve', 'demo'];
program.hook('preAction', (_program, command) => {
  if (!services.includes(command.name())) forgiveClosedPipes();
});

program
  .command('serve')
  .summary('Run the service.')
  .description('Run the service against the GitHub that the settings name.')
  .action(async () => {
    const { serve } = await import('./commands/serve.ts');
    // What was left in hand, such as a call that waits for GitHub's budget, keeps nobody here.
    process.exit(await serve(environment));
  });

program
  .command('demo')
  .summary('Run it against a simulated GitHub.')
  .description('Run the service against a simulated GitHub with sample repositories.')
  .action(async () => {
    const { demo } = await import('./demo/demo.ts');
    process.exit(await demo({ environment, root }));
  });

program
  .command('http-key')
  .description("Print the key that signs an owner's http jobs.")
  .argument('<owner>', 'organisation or user')
  .action(async (owner: string) => {
    const { httpKey } = await import('@gatehouse/runner');
    const reading = readSettingsFromProcess();
    if (reading.ok) say(httpKey(reading.settings.githubWebhookSecret, owner));
    else fail(renderSettingsProblems(reading.problems));
  });

program
  .command('show-defaults')
  .description('Print the built-in pipelines.')
  .action(async () => {
    const { defaultPipelinesText } = await import('@gatehouse/layout');
    say(defaultPipelinesText.trimEnd());
  });

const targetDeps: TargetDeps = {
  workingDirectory: process.cwd(),
  openHost: async () => (await import('./configuration/remote.ts')).openHost(),
};
const isColoured = () => process.stdout.isTTY && !environment.NO_COLOR;
program.addCommand(lintCommand(targetDeps, isColoured));
program.addCommand(showLayoutCommand(targetDeps));
program.addCommand(explainCommand(targetDeps));

program.addCommand(appManifestCommand(environment));

program.addCommand(simCommand(() => resolve(root, environment.GATEHOUSE_DATA_DIR ?? '.gatehouse')));

try {
  await program.parseAsync();
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}

/** Without the options, which its own help lists: each command then takes one line. */
function termOf(command: Command): string {
  const names = command.registeredArguments.map((one) => {
    const name = `${one.name()}${one.variadic ? '...' : ''}`;
    return one.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...names].join(' ');
}

function fail(message: string): void {
  complain(message);
  process.exitCode = 1;
}
