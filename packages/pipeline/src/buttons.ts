/** The buttons on a run (configuration language, A5 and A6). */
import { changeKey, type Reason } from '@gatehouse/model';
import { admit } from './admit.ts';
import type { ButtonPress, ChangeObserved } from './events.ts';
import { conclude } from './item/conclude.ts';
import { heldBy, mayAbort, mayApprove, mayRerun } from './rights.ts';
import { APPROVALS_MAX, changeRecordOf, withChange } from './state.ts';
import { explain, type Work } from './work.ts';

/** Does what the button says, if whoever pressed it may. */
export function pressButton(work: Work, event: ChangeObserved, button: ButtonPress): Work {
  switch (button.identifier) {
    case 'approve':
      return approve(work, event, button);
    case 'abort':
    case 'dequeue':
      return abort(work, event, button);
    case 'rerun':
      return rerun(work, event, button);
    default:
      return explain(work, {
        code: 'unknown-button',
        subject: button.buildset,
        seen: button.identifier,
      });
  }
}

function approve(work: Work, event: ChangeObserved, button: ButtonPress): Work {
  if (!mayApprove(event.actor, event.change)) return explain(work, notPermitted(event, button));
  const record = changeRecordOf(work.state, changeKey(event.change));
  const approval = { headSha: button.headSha, by: event.actor.login, via: 'button' as const };
  const approvals = [...record.approvals, approval].slice(-APPROVALS_MAX);
  const state = withChange(work.state, { ...record, approvals });
  return explain(
    { ...work, state },
    { code: 'head-approved', subject: button.headSha, seen: event.actor.login },
  );
}

function abort(work: Work, event: ChangeObserved, button: ButtonPress): Work {
  if (!mayAbort(event.actor, event.change)) return explain(work, notPermitted(event, button));
  const item = work.state.items[button.buildset];
  if (item === undefined) return explain(work, { code: 'unknown-run', subject: button.buildset });
  const reason: Reason = { code: 'aborted', subject: item.pipeline.name, seen: event.actor.login };
  return conclude(work, item, { outcome: 'cancelled', reasons: [reason] });
}

/** Runs the pipeline of that run again, on the change as it stands; requirements apply. */
function rerun(start: Work, event: ChangeObserved, button: ButtonPress): Work {
  const item = start.state.items[button.buildset];
  const fact = event.pipelines.find((one) => one.definition.name === item?.pipeline.name);
  if (item === undefined || fact?.takesPart !== true) {
    return explain(start, { code: 'unknown-run', subject: button.buildset });
  }
  if (!mayRerun(event.actor, event.change, fact.definition)) {
    return explain(start, notPermitted(event, button));
  }
  // The button stands on running runs too: there it means "from the beginning".
  const reason: Reason = { code: 'rerun', subject: item.pipeline.name, seen: event.actor.login };
  const work =
    item.verdict === null
      ? conclude(start, item, { outcome: 'cancelled', reasons: [reason] })
      : start;
  return admit(work, event, fact.definition);
}

function notPermitted(event: ChangeObserved, button: ButtonPress): Reason {
  return {
    code: 'button-not-permitted',
    subject: button.identifier,
    seen: { ...heldBy(event.actor) },
  };
}
