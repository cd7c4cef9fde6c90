/** `gatehouse serve`: the whole service, or the roles that the settings name, until asked to stop. */
import { randomBytes } from 'node:crypto';
import * as filesystem from 'node:fs/promises';
import {
  ensureSecretsKey,
  readSettingsFromProcess,
  renderSettingsProblems,
  type Settings,
  secretValues,
} from '@gatehouse/settings';
import { createLog } from '@gatehouse/telemetry';
import { type Service, type ServiceDeps, startService } from '../service.ts';
import { untilAskedToStop } from '../signals.ts';
import { complain } from './print.ts';
import { startProblemText } from './start-problem.ts';

/** Exit code of a start that wrong settings or a missing part prevented. */
const EXIT_CANNOT_START = 1;
/** Exit code of a stop during which something went wrong. */
const EXIT_NOT_IN_ORDER = 1;

/** @returns the exit code. */
export async function serve(hostEnvironment: ServiceDeps['hostEnvironment']): Promise<number> {
  const reading = readSettingsFromProcess();
  if (!reading.ok) {
    complain(renderSettingsProblems(reading.problems));
    return EXIT_CANNOT_START;
  }
  const { settings } = reading;
  const log = createLog({ level: settings.logLevel, secrets: secretValues(settings) });
  const asked = untilAskedToStop();
  let service: Service;
  try {
    service = await startWith(settings, {
      log,
      hostEnvironment,
      onStep: (step) => log.info({ step }, 'starting'),
    });
  } catch (error) {
    complain(startProblemText(error, settings));
    return EXIT_CANNOT_START;
  }
  log.info({ url: service.url, public_url: service.publicUrl }, 'listening');
  log.info({ signal: await asked }, 'asked to stop');
  try {
    await service.stop();
  } catch (error) {
    log.error({ err: error }, 'a part of the service did not stop in order');
    return EXIT_NOT_IN_ORDER;
  }
  return 0;
}

/** Starts the service with the key that its settings or its data directory hold. */
export async function startWith(
  settings: Settings,
  deps: Omit<ServiceDeps, 'secretsKey'>,
): Promise<Service> {
  const secretsKey =
    settings.secretsKey ??
    (await ensureSecretsKey({ fs: filesystem, randomBytes }, settings.dataDir));
  return startService(settings, { ...deps, secretsKey });
}
