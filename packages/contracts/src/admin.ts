/** What an administrator may ask for. Ours, so an unknown key is an error. */
import { isRepositoryKey, type RepositoryKey } from '@gatehouse/model';
import { z } from 'zod';
import { type Reading, readBy } from './reading.ts';

/** What the admin API does. */
export const adminActions = ['enqueue', 'dequeue', 'promote', 'abort'] as const;

/** One of {@link adminActions}. */
export type AdminAction = (typeof adminActions)[number];

const repository = z.custom<RepositoryKey>(
  (value) => typeof value === 'string' && isRepositoryKey(value),
  'must be OWNER/NAME',
);

/** Names one change, or one ref, in one pipeline. */
export const AdminBody = z
  .strictObject({
    repository,
    number: z.number('must be a number').int('must be a whole number').positive().optional(),
    ref: z
      .string('must be text')
      .regex(/^refs\/\S{1,1000}$/, 'must be a full ref, such as refs/heads/main')
      .optional(),
    pipeline: z.string('must be text').min(1, 'must not be empty').max(255),
  })
  .refine((body) => (body.number === undefined) !== (body.ref === undefined), {
    message: 'must have exactly one of number and ref',
  });
/** See the schema. */
export type AdminBody = z.infer<typeof AdminBody>;

/** Reads the body of an admin request. */
export function readAdminBody(body: unknown): Reading<AdminBody> {
  return readBy(AdminBody, body);
}
