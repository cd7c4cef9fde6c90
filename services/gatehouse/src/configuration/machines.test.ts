import type { ConfigurationProblem } from '@gatehouse/model';
import { describe, expect, test } from 'vitest';
import type { Findings } from './findings.ts';
import { asSarif, asWorkflowCommands } from './machines.ts';

const problem: ConfigurationProblem = {
  level: 'error',
  code: 'unknown-key',
  message: '100 %: a, b\r\nand more',
  remedy: null,
  repository: 'acme/api',
  branch: 'main',
  path: 'a b/c:d,e%f\n.yaml',
  range: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 5 },
};
const warning: ConfigurationProblem = { ...problem, level: 'warning', code: 'odd', range: null };
const findings: Findings = {
  files: [{ path: problem.path, text: '' }],
  problems: [problem, warning, problem],
  errors: 2,
  warnings: 1,
  owners: {
    repository: 'acme/.gatehouse',
    count: 1,
    met: [{ ...problem, repository: 'acme/.gatehouse' }],
    command: 'gatehouse lint acme/.gatehouse',
  },
};

/**
 * Workflow commands as the runner reads them.
 * Source: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
 */
function commandsIn(text: string) {
  return text.split('\n').flatMap((line) => {
    const [, level, properties = '', data = ''] = /^::(\w+) (.*?)::(.*)$/.exec(line) ?? [];
    if (level === undefined) return [];
    const read = (value: string) =>
      ['%3A=:', '%2C=,', '%0D=\r', '%0A=\n', '%25=%'].reduce((all, pair) => {
        const [written = '', meant = ''] = pair.split(/=(?=[\s\S])/);
        return all.replaceAll(written, meant);
      }, value);
    const pairs = properties.split(',').map((pair) => pair.split('='));
    return [
      {
        level,
        data: read(data),
        ...Object.fromEntries(pairs.map(([name = '', value = '']) => [name, read(value)])),
      },
    ];
  });
}

describe('workflow commands', () => {
  test('give back what was meant, whatever stands in names and messages', () => {
    const commands = commandsIn(asWorkflowCommands(findings));

    expect(commands).toMatchObject([
      { level: 'error', file: problem.path, line: '3', col: '5', data: problem.message },
      { level: 'warning', file: problem.path, data: problem.message },
      { level: 'error' },
      { level: 'error', title: 'acme/.gatehouse', data: expect.stringContaining(':3)\ngatehouse') },
    ]);
  });

  test('take one line each, and carry no column that ends before it begins', () => {
    const text = asWorkflowCommands(findings);

    expect(text.split(/[\r\n]/)).toHaveLength(5);
    expect(text).toContain('col=5,endColumn=5,');
  });
});

describe('SARIF', () => {
  const log = JSON.parse(asSarif(findings));
  const [run] = log.runs;

  test('has what version 2.1.0 asks of a log and a run', () => {
    expect(log).toMatchObject({
      version: '2.1.0',
      $schema: expect.stringMatching(/sarif-2\.1\.0/),
    });
    expect(run.tool.driver).toMatchObject({ name: 'gatehouse', version: expect.any(String) });
    expect(run.columnKind).toBe('utf16CodeUnits');
    const ids = run.tool.driver.rules.map((rule: { id: string }) => rule.id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test('has results that point to their rule, with a level and a text', () => {
    for (const result of run.results) {
      expect(['none', 'note', 'warning', 'error']).toContain(result.level);
      expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(result.message.text).not.toBe('');
    }
    expect(run.results).toHaveLength(3);
  });

  test('has places that are relative addresses and regions that count from one', () => {
    for (const { locations } of run.results) {
      const { artifactLocation, region } = locations[0].physicalLocation;
      expect(artifactLocation.uri).toMatch(/^[\w.%/-]+$/);
      expect(decodeURIComponent(artifactLocation.uri)).toBe(problem.path);
      expect(region.startLine).toBeGreaterThanOrEqual(1);
      if (region.endLine === undefined) continue;
      expect(region.startColumn).toBeGreaterThanOrEqual(1);
      expect(region.endLine).toBeGreaterThanOrEqual(region.startLine);
      expect(region.endColumn).toBeGreaterThanOrEqual(region.startColumn);
    }
  });

  test('has a whole address for what lies elsewhere', () => {
    const elsewhere = { ...findings, problems: [{ ...problem, path: '/else where/x.yaml' }] };

    const [{ results }] = JSON.parse(asSarif(elsewhere)).runs;

    const { uri } = results[0].locations[0].physicalLocation.artifactLocation;
    expect(uri).toBe('file:///else%20where/x.yaml');
  });

  test("tells the owner's errors as notifications, because their files are elsewhere", () => {
    expect(run.invocations).toEqual([
      {
        executionSuccessful: true,
        toolConfigurationNotifications: [
          {
            level: 'error',
            message: { text: expect.stringContaining('acme/.gatehouse has 1 error') },
          },
        ],
      },
    ]);
  });
});
