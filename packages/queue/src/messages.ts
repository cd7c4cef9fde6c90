/**
 * What every queue carries, as it is written and read. A message is parsed when it is received:
 * what waits in Redis may have been written by another version of Gatehouse.
 */
import { buildId, buildsetId, deliveryId, effectKey, type Json, tenantId } from '@gatehouse/model';
import type { MessageCatalogue, QueueName } from '@gatehouse/ports';
import * as z from 'zod';

/** Every queue, in the order a change goes through them. */
export const queueNames = [
  'events',
  'turns',
  'merges',
  'launches',
  'reports',
] as const satisfies readonly QueueName[];

const tenant = parsedBy(tenantId);
const buildset = parsedBy(buildsetId);
const key = parsedBy(effectKey);
const json: z.ZodType<Json> = z.json();

type Schemas = { readonly [Name in QueueName]: z.ZodType<MessageCatalogue[Name]> };

const schemas: Schemas = {
  events: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('delivery'),
      deliveryId: parsedBy(deliveryId),
      event: z.string(),
    }),
    z.strictObject({ kind: z.literal('state-built'), tenant, buildset, key, outcome: json }),
  ]),
  turns: z.strictObject({ tenant }),
  merges: z.strictObject({
    key,
    tenant,
    buildset,
    action: z.enum(['build-state', 'release-state']),
  }),
  launches: z.strictObject({
    key,
    tenant,
    buildset,
    build: parsedBy(buildId),
    attempt: z.int().positive(),
    action: z.enum(['launch', 'cancel']),
  }),
  reports: z.strictObject({ tenant, buildset }),
};

const Envelope = z.strictObject({ schema: z.literal(1), message: z.unknown() });

/** How a message is stored. */
export interface StoredMessage<Name extends QueueName = QueueName> {
  readonly schema: 1;
  readonly message: MessageCatalogue[Name];
}

/** A message that was read, or why it cannot be. */
export type ReadMessage<Name extends QueueName> =
  | { readonly isReadable: true; readonly message: MessageCatalogue[Name] }
  | { readonly isReadable: false; readonly reason: string };

/** Reads what a queue holds. Never throws. */
export function readMessage<Name extends QueueName>(name: Name, data: unknown): ReadMessage<Name> {
  const envelope = Envelope.safeParse(data);
  if (!envelope.success) return { isReadable: false, reason: z.prettifyError(envelope.error) };
  const message = schemas[name].safeParse(envelope.data.message);
  return message.success
    ? { isReadable: true, message: message.data }
    : { isReadable: false, reason: z.prettifyError(message.error) };
}

/**
 * What makes two messages of a queue one: `id` while one waits or is in hand, `latest` while one
 * waits, with one more kept when it is in hand.
 */
export type Identity = { readonly id: string } | { readonly latest: string };

/** The identity of a message. */
export function identityOf<Name extends QueueName>(
  name: Name,
  message: MessageCatalogue[Name],
): Identity {
  // The compiler cannot tie a message to its queue's name; the union of all messages can be told
  // apart by their fields.
  const any: MessageCatalogue[QueueName] = message;
  if ('deliveryId' in any) return { id: plainId(any.deliveryId) };
  if ('key' in any) return { id: plainId(any.key) };
  return { latest: name === 'reports' && 'buildset' in any ? any.buildset : any.tenant };
}

/**
 * BullMQ's own ids are numbers and its keys are parted by colons, so that an id of ours may be
 * neither a number nor hold a colon. Source: BullMQ 6.7, `Job.validateOptions`.
 */
function plainId(text: string): string {
  return `id-${encodeURIComponent(text.toWellFormed())}`;
}

function parsedBy<T extends string>(parse: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
      return z.NEVER;
    }
  });
}
