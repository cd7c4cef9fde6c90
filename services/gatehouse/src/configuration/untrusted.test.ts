import { freezeJobs, loadLayout, pipelinesFor } from '@gatehouse/layout';
import { describe, expect, test } from 'vitest';
import { untrustedDifference } from './untrusted.ts';

const repository = 'acme/api';
const open = `- pipeline:
    name: open
    manager: independent
    trigger: {github: [{event: pull_request, action: opened}]}
    success: {github: {check: success}}
- job: {name: remote, http: 'https://ci.example.com/'}
- job: {name: local, run: make}
- job: {name: quiet, voting: false, http: 'https://ci.example.com/'}
`;

/** What is said of a pipeline whose project lists `jobs`, and lists `own` in the change. */
function difference(jobs: string, own: string | null = null, pipeline = 'open') {
  const layoutWith = (list: string, more: string) => {
    const text = `${open}${more}- project: {${pipeline}: {jobs: [${list}]}}\n`;
    const files = [{ path: '.gatehouse.yaml', text }];
    return loadLayout([{ repository, branch: 'main', role: 'repository', files }]).layout;
  };
  const base = layoutWith(jobs, '');
  const added = "- job: {name: added, http: 'https://elsewhere.example.com/'}\n";
  const proposed = own === null ? null : layoutWith(own, added);
  const definition = pipelinesFor(base, repository).find(({ name }) => name === pipeline);
  if (definition === undefined) throw new Error(`there is no pipeline ${pipeline}`);
  const request = { repository, branch: 'main', pipeline, changedFiles: null };
  const frozen = freezeJobs(proposed ?? base, { ...request, base: proposed && base });
  const decision = { ...request, base, own: proposed, isChange: true };
  return untrustedDifference(decision, definition, frozen);
}

describe('for a head that nobody has approved', () => {
  test('the same runs where only unaltered requests are sent', () => {
    expect(difference('remote, quiet')).toEqual([
      'The same runs for a head that nobody has approved.',
    ]);
  });

  test('a command waits, and every job with it', () => {
    expect(difference('remote, local')).toEqual([
      'Nothing runs before an approval: local runs a command.',
    ]);
  });

  test('a job that the change adds waits', () => {
    expect(difference('remote', 'remote, added')).toEqual([
      'Nothing runs before an approval: added is altered by the change.',
    ]);
  });

  test('a change that leaves no voting job waits', () => {
    expect(difference('remote', 'quiet')).toEqual([
      "It waits for an approval, because the change's own configuration leaves none of the base's voting jobs.",
    ]);
  });

  test('a pipeline for reviewed code keeps to the base', () => {
    expect(difference('remote', 'local', 'gate')).toEqual([
      "The branch's own configuration decides instead; jobs: remote.",
    ]);
  });

  test('a pipeline that asks for trusted authors waits as a whole', () => {
    expect(difference('remote', null, 'check')).toEqual([
      'The whole pipeline waits until somebody with write access approves the commit.',
    ]);
  });
});
