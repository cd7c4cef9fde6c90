/**
 * The problems of configurations as they stand. One bounded record for each repository that has
 * some, and one list of those repositories for each tenant, so that nobody has to search for keys.
 *
 * A record is: absent (nothing was told, or it was forgotten) → kept (has problems) or sound (none;
 * remembered for some minutes, whatever was there before, so that whoever read before a repair and
 * writes after it is refused) → the other one, or absent.
 */
import { createHash } from 'node:crypto';
import {
  type ConfigurationProblem,
  type RepositoryKey,
  repositoryKey,
  type TenantId,
  tenantOf,
} from '@gatehouse/model';
import type { ConfigurationStanding, KeptStanding, StandingProblems } from '@gatehouse/ports';
import type { Redis } from 'ioredis';
import * as z from 'zod';
import { standingPrefix, standingsKey } from './keys.ts';
import {
  standingContentsMax,
  standingProblemsMax,
  standingSourcesMax,
  standingTextMax,
} from './limits.ts';
import { onRedis } from './redis-errors.ts';
import { tellStanding } from './scripts/tell-standing.ts';
import { parseStored, parseStoredJson } from './stored.ts';

const position = z.number().int().positive();

const StoredProblem = z.object({
  level: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
  remedy: z.string().nullable(),
  repository: z.string(),
  branch: z.string().nullable(),
  path: z.string(),
  range: z
    .object({ startLine: position, startColumn: position, endLine: position, endColumn: position })
    .nullable(),
});

const StoredStanding = z.object({
  schema: z.literal(1),
  repository: z.string().transform(repositoryKey),
  sources: z.array(z.string().transform(repositoryKey)).nullable(),
  problems: z.array(StoredProblem),
  errorsCount: z.number().int().nonnegative(),
  warningsCount: z.number().int().nonnegative(),
});

/** Keeps them in Redis. */
export function createStandingProblems(redis: Redis): StandingProblems {
  return {
    tell: async (standing) => {
      const tenant = tenantOf(standing.repository);
      const prefix = standingPrefix(tenant);
      const body = JSON.stringify({ schema: 1, ...bounded(standing) });
      const [code, ...outdated] = await tellStanding(redis, {
        key: `${prefix}${standing.repository.toLowerCase()}`,
        indexKey: standingsKey(tenant),
        prefix,
        repository: standing.repository,
        readAt: standing.readAt,
        digest: standing.problems.length === 0 ? '' : sha256(body),
        body,
        sources: namedSources(standing).slice(0, standingContentsMax),
      });
      return { code, outdated: outdated.map(repositoryKey).sort() };
    },
    list: (tenant) => readStandings(redis, tenant),
  };
}

async function readStandings(redis: Redis, tenant: TenantId): Promise<readonly KeptStanding[]> {
  const names = await onRedis('list-standings', () =>
    redis.zrange(standingsKey(tenant), '0', '-1'),
  );
  if (names.length === 0) return [];
  const prefix = standingPrefix(tenant);
  const texts = await onRedis('read-standings', () =>
    Promise.all(names.map((name) => redis.hget(`${prefix}${name}`, 'body'))),
  );
  return texts
    .flatMap((text) => (text === null ? [] : [readStanding(text)]))
    .sort((a, b) => (a.repository.toLowerCase() < b.repository.toLowerCase() ? -1 : 1));
}

function readStanding(text: string): KeptStanding {
  const { schema: _schema, ...standing } = parseStored(
    StoredStanding,
    parseStoredJson(text, 'a standing'),
    'a standing',
  );
  return standing;
}

/** What is kept of a standing: each problem once, errors first, within the limits. */
function bounded(standing: ConfigurationStanding): KeptStanding {
  const short = standing.problems.map(shortened);
  const unique = [...new Map(short.map((one) => [JSON.stringify(one), one])).values()];
  const errors = unique.filter(({ level }) => level === 'error');
  const warnings = unique.filter(({ level }) => level === 'warning');
  const sources = repositoriesOf(standing);
  return {
    repository: standing.repository,
    sources: sources.length > standingSourcesMax ? null : sources,
    problems: [...errors, ...warnings].slice(0, standingProblemsMax),
    errorsCount: errors.length,
    warningsCount: warnings.length,
  };
}

/** The repository itself, and then every other one that it was read from. */
function repositoriesOf({ repository, sources }: ConfigurationStanding): readonly RepositoryKey[] {
  const all = [repository, ...sources.map((source) => source.repository)];
  return [...new Map([...all].reverse().map((one) => [one.toLowerCase(), one])).values()].reverse();
}

/** Under names that are the same whoever reads them; at least one. */
function namedSources({ repository, sources }: ConfigurationStanding) {
  const all = sources.length > 0 ? sources : [{ repository, branch: null, contentHash: '' }];
  return all.map((source) => ({
    name: `${source.repository.toLowerCase()} ${source.branch ?? ''}`,
    hash: source.contentHash,
  }));
}

function shortened(problem: ConfigurationProblem): ConfigurationProblem {
  const { message, remedy, path, branch } = problem;
  return {
    level: problem.level,
    code: problem.code,
    message: cut(message, standingTextMax.message),
    remedy: remedy === null ? null : cut(remedy, standingTextMax.remedy),
    repository: problem.repository,
    branch: branch === null ? null : cut(branch, standingTextMax.branch),
    path: cut(path, standingTextMax.path),
    range: problem.range,
  };
}

/** At most `charactersMax`, the last of them then an ellipsis; never half of a pair. */
function cut(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  return `${text
    .slice(0, charactersMax - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, '')}…`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
