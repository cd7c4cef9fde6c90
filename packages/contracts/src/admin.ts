/** Bodies of the admin API. Ours, so an unknown key is an error. */
import { isRepositoryKey, type RepositoryKey } from '@gatehouse/model';
import { z } from 'zod';

const REF_CHARACTERS_MAX = 1024;
const PIPELINE_CHARACTERS_MAX = 255;

const repository = z
  .custom<RepositoryKey>((value) => typeof value === 'string' && isRepositoryKey(value), {
    message: 'has to be written owner/name',
  })
  .describe('owner/name');

/** Body of `/api/v1/admin/enqueue`, `/dequeue`, `/promote` and `/abort`. */
export const AdminRequest = z
  .strictObject({
    repository,
    number: z.int().positive().optional(),
    ref: z
      .string()
      .max(REF_CHARACTERS_MAX)
      .startsWith('refs/', 'has to be a full name such as refs/heads/main')
      .optional(),
    pipeline: z.string().min(1).max(PIPELINE_CHARACTERS_MAX),
  })
  .refine((body) => (body.number === undefined) !== (body.ref === undefined), {
    message: 'give either number or ref',
  });
export type AdminRequest = z.infer<typeof AdminRequest>;
