/** Everything that `gatehouse app-manifest` says to people. */

/** What stands in the manifest itself. */
export const manifestWords = {
  description: 'Zuul-style pipelines: one check run for each pipeline run.',
  nameFor: (org: string | null): string => (org === null ? 'Gatehouse' : `Gatehouse of ${org}`),
} as const;

/** Help of the command. */
export const commandWords = {
  summary: "Print what GitHub's App creation page needs.",
  description: "Print the manifest for GitHub's App creation page.",
  url: 'address under which GitHub and people reach the service (default: GATEHOUSE_PUBLIC_URL)',
  org: 'organisation that is to own the App (default: whoever is signed in)',
  name: "the App's name, 34 characters at most; GitHub's page lets you change it",
  minimal: 'leave out the permissions and events that Gatehouse can do without',
  html: 'print a page that hands the manifest to GitHub, to be saved and opened in a browser',
} as const;

/** Why there is no manifest; each says what to do. */
export const complaints = {
  noUrl:
    'A manifest needs the address under which GitHub reaches this service. Name it with ' +
    '--url https://gatehouse.example.com, or set GATEHOUSE_PUBLIC_URL.',
  badUrl:
    '--url must be an address that starts with https:// or http://, without a user name, a query ' +
    'or a fragment, like https://gatehouse.example.com.',
  localUrl: (url: string): string =>
    `GitHub cannot send webhooks to ${url}: only this machine knows that address. Name the one ` +
    'that the outside uses with --url, or set GATEHOUSE_PUBLIC_URL.',
  badOrg:
    '--org must be the name of an organisation as it stands in its address on GitHub: letters, ' +
    'digits and single hyphens.',
  badName: (lengthMax: number): string =>
    `--name must be text of at most ${lengthMax} characters on one line; GitHub takes no longer one.`,
} as const;

/** What to do with the JSON; said beside it, so that the output stays plain JSON. */
export function jsonHint(registration: string): string {
  return (
    `GitHub takes this at ${registration}, as the form field "manifest". ` +
    'The same command with --html prints a page that sends it: save it, open it, press its button.'
  );
}

/** What to do with the page. */
export function pageHint(registration: string): string {
  return (
    `Save this as a file and open it in a browser that is signed in to GitHub; its button leads to ` +
    `${registration}. What to do afterwards stands on the page.`
  );
}

/** The page's own texts. */
export const pageWords = {
  title: 'Register Gatehouse on GitHub',
  lead: (registration: string): string =>
    `This sends the manifest below to ${registration}. GitHub shows what the App may do and asks ` +
    'once more before anything is made.',
  button: 'Go on to GitHub',
  afterwards: 'Afterwards',
  steps: (conversion: string): readonly string[] => [
    'GitHub makes the App and sends the browser to the service, with a code in the address. ' +
      'It does not matter whether the service runs already: copy the code from the address.',
    `Within an hour, run: ${conversion}`,
    'The file app.json then holds "id" (GATEHOUSE_GITHUB_APP_ID), "webhook_secret" ' +
      '(GATEHOUSE_GITHUB_WEBHOOK_SECRET) and "pem", the private key: put that into a file of its ' +
      'own and name it in GATEHOUSE_GITHUB_PRIVATE_KEY_FILE. All of it is secret.',
    "Install the App on the repositories that are to take part: it is on the App's page, " +
      'under "Install App".',
  ],
} as const;
