/**
 * Every word of this role that people read, except the reasons of the engine, whose sentences are
 * shared with what GitHub shows (`reasonText` of `@gatehouse/pipeline`), and the dashboard's own.
 * Plain text: whoever shows it escapes it.
 */

/** Failures as they are sent. */
const failures = {
  noSuchRoute: { status: 404, code: 'no_such_route', message: 'There is nothing at this address.' },
  notFound: {
    status: 404,
    code: 'not_found',
    message: 'There is no such thing here, or you may not see it.',
  },
  tooLarge: { status: 413, code: 'too_large', message: 'The body is larger than is taken here.' },
  malformedJson: { status: 400, code: 'malformed_json', message: 'The body is not valid JSON.' },
  unfitReport: {
    status: 422,
    code: 'unfit_report',
    message: 'The report does not have the form of the contract.',
  },
  badOffset: {
    status: 400,
    code: 'bad_offset',
    message: 'Offset, tail and limit have to be whole numbers of bytes, 0 or more.',
  },
  badAttempt: {
    status: 400,
    code: 'bad_attempt',
    message: 'Attempt has to be a whole number, 1 or more.',
  },
  notBuilt: {
    status: 503,
    code: 'dashboard_not_built',
    message:
      'The dashboard is not built in this installation; everything else works.' +
      ' Whoever runs it starts it with "npm start", which builds what is missing.',
  },
  tooManyStreams: {
    status: 503,
    code: 'too_many_streams',
    message: 'Too many clients follow the changes already. Try again in a while.',
  },
  unavailable: {
    status: 503,
    code: 'unavailable',
    message: 'Something that this service needs does not answer at the moment. Try again soon.',
  },
  internal: (requestId: string) => ({
    status: 500,
    code: 'internal_error',
    message: `Internal error. Quote request ${requestId} when you ask about it.`,
  }),
  badRequest: (status: number) =>
    status === 404
      ? 'There is nothing at this address.'
      : 'The request cannot be read. Check its address, its headers and its body.',
} as const;

/** Why a callback was refused, by the register's answer. */
const callbacks = {
  'unknown-build': { status: 404, code: 'unknown_build', message: 'There is no such build.' },
  'wrong-token': {
    status: 401,
    code: 'wrong_token',
    message: 'Send the token of this build’s attempt as "Authorization: Bearer TOKEN".',
  },
  'stale-attempt': {
    status: 409,
    code: 'stale_attempt',
    message: 'Another attempt of this build has taken over; this one does not count any more.',
  },
  finished: {
    status: 409,
    code: 'finished',
    message: 'This build is over; nothing that is said about it counts any more.',
  },
} as const;

const admin = {
  /** Who an administrator is in a reason: "Taken out of the pipeline by …". */
  who: 'an administrator',
  off: {
    status: 403,
    code: 'admin_api_off',
    message: 'The admin API is off. The operator turns it on by setting GATEHOUSE_ADMIN_TOKEN.',
  },
  wrongToken: {
    status: 401,
    code: 'wrong_token',
    message: 'Send the admin token as "Authorization: Bearer TOKEN".',
  },
  badBody: {
    status: 400,
    code: 'bad_body',
    message: 'The body has to be {"repository", "number" or "ref", "pipeline"}.',
  },
  notLive: {
    status: 404,
    code: 'not_live',
    message: 'That change has no run in that pipeline at the moment.',
  },
  'unknown-change': {
    status: 404,
    code: 'unknown_change',
    message: 'There is no such change, or the App may not see it.',
  },
  'not-in-pipeline': {
    status: 409,
    code: 'not_in_pipeline',
    message: 'The repository takes no part in a pipeline of that name.',
  },
  onlyProposed: {
    status: 501,
    code: 'only_numbers',
    message:
      'This version can enqueue pull requests only. Push to the branch or tag again instead.',
  },
  cannotEnqueue: {
    status: 501,
    code: 'cannot_enqueue',
    message: 'This process cannot enqueue changes. Comment on the pull request instead.',
  },
  noSharedQueues: {
    status: 409,
    code: 'no_shared_queue',
    message:
      'Nothing can be promoted: this version runs every change in a queue of its own,' +
      ' so there is no order to change.',
  },
} as const;

const signIn = {
  title: 'Sign in',
  why: 'Sign in to see pipelines, runs and logs.',
  missingTitle: 'Not found',
  missing:
    'There is no such page here, or you have to sign in to see it. Old runs are forgotten after a while.',
  how: 'Sign in with the admin token of this service. Whoever runs it has set it as GATEHOUSE_ADMIN_TOKEN.',
  off: 'Signing in is off: no admin token is set. Whoever runs this service turns it on by setting GATEHOUSE_ADMIN_TOKEN.',
  label: 'Admin token',
  button: 'Sign in',
  out: 'Sign out',
  wrong: 'That is not the admin token.',
  crossSite: 'This form was sent from another site. Open the sign-in page here and try again.',
  wait: (seconds: number) => `Too many failed tries. Wait ${seconds} s and try again.`,
} as const;

/** Every word, by where it is shown. */
export const text = {
  product: 'Gatehouse',
  skip: 'Skip to content',
  failures,
  callbacks,
  admin,
  signIn,
  failureTitle: (status: number) => (status === 404 ? 'Not found' : 'That did not work'),
  home: 'Go to the pipelines',
} as const;
