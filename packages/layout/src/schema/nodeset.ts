/** Zuul's machines. They are not used here; what is said of them is checked all the same. */
import * as z from 'zod';
import { attribute, name, oneOrMany, required, texts } from './common.ts';

const node = z.strictObject({
  name: required(texts, 'Its name, or several.'),
  label: required(z.string().min(1), 'What kind of machine.'),
});

const group = z.strictObject({
  name: required(name, 'Its name.'),
  nodes: required(texts, 'Names of its nodes.'),
});

const parts = {
  nodes: attribute(oneOrMany(node), { description: 'Machines by label.', mark: 'later' }),
  groups: attribute(oneOrMany(group), {
    description: 'Inventory groups.',
    mark: 'n/a',
    reason: 'there is no Ansible inventory',
  }),
};

/** A nodeset without alternatives, as it stands in `alternatives` and in a job. */
const plainNodeset = z.strictObject({
  name: attribute(name, { description: 'Its name.' }),
  ...parts,
});

const alternatives = attribute(z.array(z.union([z.string().min(1), plainNodeset])), {
  description: 'Names of nodesets, or some in place; tried in order.',
  mark: 'later',
});

/** A nodeset that stands in a job. */
export const inlineNodesetSchema = plainNodeset.extend({ alternatives });

/** Attributes of a `nodeset` item. */
export const nodesetSchema = z.strictObject({
  name: required(name, 'Referenced by `job.nodeset`.'),
  ...parts,
  alternatives,
});
