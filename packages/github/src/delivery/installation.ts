/** `installation…`: the App came to an account, left it, or sees other repositories there. */
import { z } from 'zod';
import { Account, type PayloadReader, readWith } from './payload.ts';

const InstallationPayload = z.object({
  action: z.string(),
  installation: z.object({ account: Account }),
});

export const readInstallation: PayloadReader = (payload) =>
  readWith(InstallationPayload, payload, ({ action, installation }) => ({
    kind: 'installation',
    account: installation.account.login,
    action,
  }));

/** `added` and `removed` are said of repositories, not of the installation. */
export const readInstallationRepositories: PayloadReader = (payload) =>
  readWith(InstallationPayload, payload, ({ action, installation }) => ({
    kind: 'installation',
    account: installation.account.login,
    action: `repositories_${action}`,
  }));

const TargetPayload = z.object({ action: z.string(), account: z.object({ login: z.string() }) });

export const readInstallationTarget: PayloadReader = (payload) =>
  readWith(TargetPayload, payload, ({ action, account }) => ({
    kind: 'installation',
    account: account.login,
    action,
  }));
