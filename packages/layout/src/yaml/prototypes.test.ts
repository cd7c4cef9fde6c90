/** Maps of the language take any key as data: none reaches a prototype, none is mistaken for one. */
import { describe, expect, test } from 'vitest';
import { freeze, load, source } from '../test-support.ts';

const pipeline = (text: string) =>
  `- pipeline: {name: p, manager: independent, trigger: {}, ${text}}\n`;

/** Every kind of map that a file can hold, with a place for one more key. */
const maps: readonly (readonly [string, (entry: string) => string])[] = [
  ['an item', (entry) => `- {${entry}}\n`],
  ['a job', (entry) => `- job: {name: a, run: x, ${entry}}\n`],
  ['variables', (entry) => `- job: {name: a, run: x, vars: {${entry}}}\n`],
  ['variables in variables', (entry) => `- job: {name: a, run: x, vars: {b: {${entry}}}}\n`],
  ['variables in a list', (entry) => `- job: {name: a, run: x, vars: {b: [{${entry}}]}}\n`],
  ['headers', (entry) => `- job: {name: a, http: {url: 'https://x/', headers: {${entry}}}}\n`],
  ['inputs', (entry) => `- job: {name: a, workflow: {file: a.yml, inputs: {${entry}}}}\n`],
  ['frozen attributes', (entry) => `- job: {name: a, run: x, attribute-control: {${entry}}}\n`],
  ['a nodeset in a job', (entry) => `- job: {name: a, run: x, nodeset: {nodes: [], ${entry}}}\n`],
  ['a project', (entry) => `- project: {${entry}}\n`],
  ['variables of a project', (entry) => `- project: {vars: {${entry}}}\n`],
  ['a pipeline of a project', (entry) => `- project: {check: {jobs: [], ${entry}}}\n`],
  ['a job of a project', (entry) => `- project: {check: {jobs: [{${entry}}]}}\n`],
  ['attributes of it', (entry) => `- project: {check: {jobs: [noop: {${entry}}]}}\n`],
  ['a template', (entry) => `- project-template: {name: t, ${entry}}\n`],
  ['a pipeline', (entry) => pipeline(entry)],
  ['connections', (entry) => pipeline(`require: {${entry}}`)],
  ['requirements', (entry) => pipeline(`require: {github: {${entry}}}`)],
  ['a reporter', (entry) => pipeline(`success: {github: {${entry}}}`)],
  ['a secret', (entry) => `- secret: {name: s, data: {${entry}}}\n`],
  ['a nodeset', (entry) => `- nodeset: {name: n, nodes: [], ${entry}}\n`],
  ['a queue', (entry) => `- queue: {name: q, ${entry}}\n`],
  ['a pragma', (entry) => `- pragma: {${entry}}\n`],
];

const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'];

describe('no key reaches a prototype', () => {
  test.each(maps)('in %s', (_, text) => {
    for (const key of ['__proto__', '"__proto__"', '? __proto__ ']) {
      const { problems } = load(text(`${key}: {polluted: true}`));

      expect(problems.map(({ code }) => code)).toContain('bad-key');
    }
    for (const name of names) load(text(`${name}: {polluted: true, prototype: {polluted: true}}`));
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(Reflect.get(Object, 'polluted')).toBeUndefined();
  });

  test.each(maps)('nor a merge in %s', (_, text) => {
    const merged = text('<<: {constructor: {polluted: true}, __proto__: {polluted: true}}');

    expect(load(merged).problems.map(({ code }) => code)).toContain('bad-key');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

describe('a name of an object is a name like any other', () => {
  test.each(names)('%s', (name) => {
    const unknown = maps.filter(([, text]) =>
      load(text(`${name}: x`)).problems.every(({ level }) => level !== 'error'),
    );

    // Variables, values of secrets, headers and inputs have any name; elsewhere this one is unknown.
    expect(unknown.map(([what]) => what)).toEqual([
      'variables',
      'variables in variables',
      'variables in a list',
      'headers',
      'inputs',
      'variables of a project',
      'connections',
      'a secret',
    ]);
  });

  test.each(names)('%s as the name of a job with variables of that name', (name) => {
    const text = `- job: {name: ${name}, run: x, vars: {${name}: {a: 1}}}
- job: {name: child, parent: ${name}, vars: {${name}: {b: 2}}}
- project: {check: {jobs: [child, ${name}]}}\n`;

    const { jobs, problems } = freeze([source(text)]);

    expect(problems).toEqual([]);
    expect(jobs.map((job) => [job.name, job.vars])).toEqual([
      ['child', { [name]: { a: 1, b: 2 } }],
      [name, { [name]: { a: 1 } }],
    ]);
  });
});
