/** The pipelines that are there without being defined. */
import { readFile } from './define/file.ts';
import type { PipelineDefinition } from './layout.ts';

/** The text of `config/default-pipelines.yaml`; a test keeps the two equal. */
export const defaultPipelinesText = `# The pipelines that every repository has unless it (or its owner's configuration repository)
# defines one of the same name. \`gatehouse show-defaults\` prints this file.

# Tests every proposed change, drafts too, merged with its base.
- pipeline:
    name: check
    manager: independent
    require:
      github: {open: true, trusted-author: true}
    trigger:
      github:
        - {event: pull_request, action: [opened, changed, reopened]}
        - {event: pull_request, action: comment, comment: '(?i)^\\s*recheck\\s*$'}
        - {event: check_run, action: rerequested, check: '[^:]*:gatehouse/check:.*'}
        - {event: check_suite, action: rerequested}
        - {event: merge_group, action: checks_requested}
    start: {github: {check: in_progress}}
    success: {github: {check: success}}
    failure: {github: {check: failure}}
    dequeue: {github: {check: cancelled}}

# Merges approved changes one after another, each tested with everything that is ahead of it.
- pipeline:
    name: gate
    manager: dependent
    post-review: true
    require:
      github:
        open: true
        draft: false
        current-patchset: true
        review: [{type: approved, permission: write}]
    reject:
      github:
        review: [{type: changes_requested, permission: write}]
    trigger:
      github:
        - event: pull_request
          action: comment
          comment: '(?i)^\\s*(gate|reverify)\\s*$'
          permission: write
        - {event: pull_request, action: labeled, label: gate, permission: write}
        - event: check_run
          action: rerequested
          check: '[^:]*:gatehouse/gate:.*'
          permission: write
    start: {github: {check: in_progress}}
    success: {github: {check: success, merge: true}}
    failure: {github: {check: failure}}
    dequeue: {github: {check: cancelled}}

# Runs after a push to the main branch; only the newest waiting push is kept.
- pipeline:
    name: post
    manager: supercedent
    post-review: true
    trigger:
      github:
        - {event: push, ref: '^refs/heads/(main|master)$'}
    start: {github: {check: in_progress}}
    success: {github: {check: success}}
    failure: {github: {check: failure}}
    dequeue: {github: {check: cancelled}}
`;

let known: readonly PipelineDefinition[] | null = null;

/** The built-in pipelines, in the order of the text. Their place is null: no repository has it. */
export function builtInPipelines(): readonly PipelineDefinition[] {
  if (known !== null) return known;
  const file = { path: 'default-pipelines.yaml', text: defaultPipelinesText };
  const source = { repository: '', branch: null, role: 'owner', files: [file] } as const;
  const { definitions } = readFile(source, file, {});
  known = definitions.pipelines.map((pipeline) => ({ ...pipeline, place: null }));
  return known;
}
