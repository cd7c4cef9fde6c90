/**
 * GitHub's limits on a check run. Whoever renders keeps them (it knows what may be cut); here they
 * are only asserted, because over them GitHub refuses the whole request.
 * Source: https://docs.github.com/rest/checks/runs#create-a-check-run
 */
import { invariant } from '@gatehouse/model';
import type { CheckRunContent } from '@gatehouse/ports';

/** Bytes are of UTF-8; characters count as JavaScript counts them. */
export const checkLimits = {
  outputBytesMax: 65_535,
  annotationsPerRequestMax: 50,
  annotationMessageBytesMax: 64 * 1024,
  annotationTitleCharsMax: 255,
  actionsMax: 3,
  actionLabelCharsMax: 20,
  actionDescriptionCharsMax: 40,
  actionIdentifierCharsMax: 20,
} as const;

/** @throws GatehouseError `GATE_INVARIANT` naming the limit that `content` breaks. */
export function assertCheckLimits(content: CheckRunContent): void {
  const max = checkLimits;
  invariant(
    (content.conclusion !== null) === (content.status === 'completed'),
    'a check run has a conclusion exactly when it is completed',
  );
  invariant(bytesOf(content.summary) <= max.outputBytesMax, 'a summary has at most 65,535 bytes');
  invariant(bytesOf(content.text ?? '') <= max.outputBytesMax, 'a text has at most 65,535 bytes');
  invariant(content.actions.length <= max.actionsMax, 'a check run has at most three actions');
  for (const action of content.actions) {
    invariant(action.label.length <= max.actionLabelCharsMax, 'a label has 20 characters');
    invariant(
      action.description.length <= max.actionDescriptionCharsMax,
      'an action is described in 40 characters',
    );
    invariant(
      action.identifier.length <= max.actionIdentifierCharsMax,
      'an action has an identifier of 20 characters',
    );
  }
  for (const annotation of content.annotations) {
    invariant(
      bytesOf(annotation.message) <= max.annotationMessageBytesMax,
      'an annotation has at most 64 KiB',
    );
    invariant(
      (annotation.title ?? '').length <= max.annotationTitleCharsMax,
      'the title of an annotation has 255 characters',
    );
    invariant(
      annotation.startLine >= 1 && annotation.endLine >= annotation.startLine,
      'the lines of an annotation count from 1 and do not run backwards',
    );
  }
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
