/** Problems for programs: JSON, SARIF, and the workflow commands of GitHub Actions. */
import { basename, isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ConfigurationProblem } from '@gatehouse/model';
import { version } from '../version.ts';
import type { Findings } from './findings.ts';
import type { OwnersErrors } from './runs.ts';
import { ownersLines, summary } from './words.ts';

/** Snake case as on every wire; lines and columns count from 1, ends are exclusive in columns. */
export function asJson({ files, problems, errors, warnings, owners }: Findings): string {
  const listed = problems.map(listedProblem);
  const paths = files.map(({ path }) => path);
  const owner = owners === null ? null : ownersJson(owners);
  return JSON.stringify({ errors, warnings, files: paths, problems: listed, owner }, null, 2);
}

function ownersJson({ repository, count, met, command }: OwnersErrors) {
  const listed = met.map((problem) => ({
    repository: problem.repository,
    ...listedProblem(problem),
  }));
  return { repository, errors: count, met: listed, command };
}

function listedProblem({ level, code, message, remedy, path, range }: ConfigurationProblem) {
  return {
    level,
    code,
    message,
    remedy,
    path,
    line: range?.startLine ?? null,
    column: range?.startColumn ?? null,
    end_line: range?.endLine ?? null,
    end_column: range?.endColumn ?? null,
  };
}

/** Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function asSarif({ problems, owners }: Findings): string {
  const rules = [...new Set(problems.map(({ code }) => code))].sort();
  const run = {
    tool: {
      driver: { name: 'gatehouse', version, rules: rules.map(sarifRule) },
    },
    columnKind: 'utf16CodeUnits',
    ...invocations(owners),
    results: problems.map((problem) => ({
      ruleId: problem.code,
      ruleIndex: rules.indexOf(problem.code),
      level: problem.level,
      message: { text: sentence(problem) },
      locations: [{ physicalLocation: sarifPlace(problem) }],
    })),
  };
  const $schema = 'https://json.schemastore.org/sarif-2.1.0.json';
  return JSON.stringify({ $schema, version: '2.1.0', runs: [run] }, null, 2);
}

/**
 * With the texts without which GitHub's code scanning does not count a rule as complete.
 * Source: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
 */
function sarifRule(id: string) {
  const words = id.replaceAll('-', ' ');
  const text = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  const help = { text: 'docs/configuration.md of Gatehouse says what configuration may hold.' };
  return { id, name: id, shortDescription: { text }, fullDescription: { text }, help };
}

/** What stands in another repository has no place among the results. */
function invocations(owners: OwnersErrors | null) {
  if (owners === null) return {};
  const isMet = owners.met.length > 0;
  const notification = {
    level: isMet ? 'error' : 'note',
    message: { text: ownersLines(owners).join('\n') },
  };
  // The tool itself ran well; that is all the flag says.
  const invocation = { executionSuccessful: true, toolConfigurationNotifications: [notification] };
  return { invocations: [invocation] };
}

function sarifPlace({ path, range }: ConfigurationProblem) {
  const artifactLocation = { uri: uriOf(path) };
  // GitHub wants a line for every result; what concerns a file as a whole is shown at its top.
  return { artifactLocation, region: range ?? { startLine: 1 } };
}

/** Relative to where the command ran, as GitHub takes it; what lies elsewhere has a whole address. */
function uriOf(path: string): string {
  if (isAbsolute(path)) return pathToFileURL(path).href;
  return path.split('/').map(encodeURIComponent).join('/');
}

/**
 * One workflow command a line, which Actions shows on the lines of the file, and a last line for
 * people.
 * Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function asWorkflowCommands(findings: Findings): string {
  const { problems, owners } = findings;
  const commands = problems.map((problem) => {
    const { level, code, path, range } = problem;
    const isOneLine = range !== null && range.startLine === range.endLine;
    const properties = [
      `file=${property(path)}`,
      ...(range === null ? [] : [`line=${range.startLine}`, `endLine=${range.endLine}`]),
      // GitHub takes columns of one line only; both are inclusive there.
      ...(isOneLine ? [`col=${range.startColumn}`, `endColumn=${lastColumn(range)}`] : []),
      `title=${property(`${basename(path)}: ${code}`)}`,
    ];
    return `::${level} ${properties.join(',')}::${data(sentence(problem))}`;
  });
  const others = owners === null ? [] : [ownersCommand(owners)];
  return [...commands, ...others, summary(findings)].join('\n');
}

/** Not on a line of any file: the file is in another repository. */
function ownersCommand(owners: OwnersErrors): string {
  const level = owners.met.length > 0 ? 'error' : 'notice';
  const text = ownersLines(owners).join('\n');
  return `::${level} title=${property(owners.repository)}::${data(text)}`;
}

function lastColumn({ startColumn, endColumn }: { startColumn: number; endColumn: number }) {
  return Math.max(startColumn, endColumn - 1);
}

function sentence({ message, remedy }: ConfigurationProblem): string {
  return remedy === null ? message : `${message}. ${remedy}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
