/**
 * `check_run` and `check_suite`: a check ended, somebody wants it again, or pressed a button on
 * it. For heads in forks GitHub names no pull request here, so that only the commit says where to
 * look.
 */
import { z } from 'zod';
import {
  AppReference,
  ignored,
  isOwnApp,
  type PayloadReader,
  RepositoryPayload,
  readWith,
  Sha,
  senderOf,
  triggerFacts,
} from './payload.ts';

const RunPayload = RepositoryPayload.extend({
  check_run: z.object({
    name: z.string(),
    head_sha: Sha,
    external_id: z.string().nullish(),
    conclusion: z.string().nullish(),
    app: AppReference.nullish(),
  }),
  requested_action: z.object({ identifier: z.string() }).nullish(),
});
type RunPayload = z.infer<typeof RunPayload>;

export const readCheckRun: PayloadReader = (payload, context) =>
  readWith(RunPayload, payload, (event) => {
    const { check_run: run, action } = event;
    const externalId = isOwnApp(run.app, context) ? (run.external_id ?? '') : '';
    const common = {
      repository: event.repository.full_name,
      headSha: run.head_sha,
      sender: senderOf(event.sender, context),
      trigger: triggerFacts({
        event: 'check_run',
        action: action ?? null,
        check: descriptionOf(run),
      }),
    };
    if (action === 'requested_action') {
      const identifier = event.requested_action?.identifier ?? '';
      if (externalId === '' || identifier === '') {
        return ignored('the button is not on a run of ours');
      }
      return { kind: 'button', buildset: externalId, identifier, ...common };
    }
    if (action !== 'rerequested' && action !== 'completed') {
      return ignored(`nothing follows from check_run ${action}`);
    }
    return { kind: 'head', buildset: externalId === '' ? null : externalId, ...common };
  });

/** `app:name:conclusion`, the form that trigger patterns match. */
function descriptionOf(run: RunPayload['check_run']): string {
  return `${run.app?.slug ?? ''}:${run.name}:${run.conclusion ?? ''}`;
}

const SuitePayload = RepositoryPayload.extend({ check_suite: z.object({ head_sha: Sha }) });

export const readCheckSuite: PayloadReader = (payload, context) =>
  readWith(SuitePayload, payload, (event) => {
    const action = event.action ?? '';
    if (action !== 'requested' && action !== 'rerequested') {
      return ignored(`nothing follows from check_suite ${action}`);
    }
    return {
      kind: 'head',
      repository: event.repository.full_name,
      headSha: event.check_suite.head_sha,
      buildset: null,
      sender: senderOf(event.sender, context),
      trigger: triggerFacts({ event: 'check_suite', action }),
    };
  });
