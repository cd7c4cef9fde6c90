/** Why the service could not start, for the terminal: what, where, and what to do. */
import { GatehouseError } from '@gatehouse/model';
import type { Settings } from '@gatehouse/settings';

/** One message; never a secret, never a stack for what the operator can put right. */
export function startProblemText(error: unknown, { host, port, dataDir }: Settings): string {
  if (error instanceof GatehouseError) return `Gatehouse cannot start. ${error.message}`;
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return (
        `Gatehouse cannot start. Another program listens on ${host}:${port}. ` +
        'Stop it, or choose another port with GATEHOUSE_PORT.'
      );
    case 'EADDRNOTAVAIL':
      return (
        `Gatehouse cannot start. This machine has no address ${host}. ` +
        'Choose one it has with GATEHOUSE_HOST.'
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return (
        `Gatehouse cannot start. It may not write to ${dataDir} or listen on port ${port}. ` +
        'Check GATEHOUSE_DATA_DIR and GATEHOUSE_PORT.'
      );
    default:
      return `Gatehouse cannot start. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

function codeOf(error: unknown): string | null {
  const isCoded = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return isCoded ? String(error.code) : null;
}
