/** What `npm run demo` says. */

/** Where everything is. */
export interface DemoAddresses {
  readonly simUrl: string;
  readonly dashboardUrl: string;
  /** A pull request that can be looked at, such as `acme/api#1`; null when there is none. */
  readonly example: { readonly repository: string; readonly number: number } | null;
}

/** The last words before the person takes over. */
export function readyText({ simUrl, dashboardUrl, example }: DemoAddresses): string {
  const number = example?.number ?? 1;
  const repository = example?.repository ?? 'acme/api';
  return `
Gatehouse is running.

  GitHub (simulated)   ${simUrl}
  Dashboard            ${dashboardUrl}

Three things to try:

  1. Open a pull request and watch its check run:
       npx gatehouse sim pr open --repository ${repository}
     or press "New pull request" on ${simUrl}
  2. Run it again, as you would on GitHub:
       npx gatehouse sim pr comment ${repository}#${number} recheck
  3. Let an outsider's pull request in:
       npx gatehouse sim pr open --from-fork
     then press "Approve and run" on its check

Ctrl-C stops everything.
`;
}

/** One step, with the time since the start. */
export function stepText(sinceStartMs: number, text: string): string {
  return `[${(sinceStartMs / 1000).toFixed(1).padStart(5)} s] ${text}`;
}

/** Why a second demo on the same data directory does not start. */
export function alreadyRunningText(dashboardUrl: string, dataDir: string): string {
  return (
    `A demo runs already: ${dashboardUrl}\n` +
    `Stop it with Ctrl-C first, or give this one a GATEHOUSE_DATA_DIR other than ${dataDir}.`
  );
}
