/**
 * The `zuul` part of what a job returns. A runner may get any of it wrong without failing its
 * callback: each unusable piece is dropped alone and listed.
 * Source: https://zuul-ci.org/docs/zuul/latest/job-content.html#return-values
 */
import type { Json, JsonObject } from '@gatehouse/model';
import { z } from 'zod';
import { isJsonObject } from './bounded-json.ts';
import { isWebUrl } from './common.ts';
import { placeOf } from './reading.ts';

/** Something that was left out, with its place in the body and the reason. */
export interface Dropped {
  readonly where: string;
  readonly reason: string;
}

const line = z.number('must be a number').int('must be a whole number').nonnegative();

/** A remark on a file. Lines count from 1, characters from 0; the end is exclusive in characters. */
export const FileComment = z.object(
  {
    /** Absent: the range's, or the file as a whole. */
    line: line.optional(),
    message: z.string('must be text').min(1, 'must not be empty'),
    level: z.enum(['info', 'warning', 'error'], 'must be info, warning or error').optional(),
    range: z
      .object(
        { start_line: line, start_character: line, end_line: line, end_character: line },
        'must be an object',
      )
      .optional(),
  },
  'must be an object',
);
/** See the schema. */
export type FileComment = z.infer<typeof FileComment>;

const Artifact = z.looseObject(
  {
    name: z.string('must be text').min(1, 'must not be empty'),
    url: z.string('must be text').refine(isWebUrl, 'must be an absolute http or https URL'),
  },
  'must be an object',
);

/** More than this is counted, not listed. */
const DROPPED_MAX = 100;

/** `zuul` without what cannot be used, and the list of what was left out. */
export function cleanZuulPart(zuul: Json): {
  readonly zuul: JsonObject;
  readonly dropped: readonly Dropped[];
} {
  if (!isJsonObject(zuul)) {
    return { zuul: {}, dropped: [{ where: placeOf(['data', 'zuul']), reason: 'is no object' }] };
  }
  const dropped: Dropped[] = [];
  const drop = (path: readonly PropertyKey[], reason: string) =>
    dropped.push({ where: placeOf(['data', 'zuul', ...path]), reason });
  const cleaners: Readonly<Record<string, (value: Json) => Json | null>> = {
    file_comments: (value) => cleanComments(value, drop),
    log_url: (value) => keepIf(value, isLink(value), () => drop(['log_url'], NOT_A_LINK)),
    child_jobs: (value) => cleanList('child_jobs', value, drop),
    warnings: (value) => cleanList('warnings', value, drop),
    artifacts: (value) => cleanArtifacts(value, drop),
  };
  const entries = Object.entries(zuul).flatMap(([key, value]): [string, Json][] => {
    const clean = Object.hasOwn(cleaners, key) ? cleaners[key] : undefined;
    const kept = clean === undefined || value === null ? value : clean(value);
    return kept === null ? [] : [[key, kept]];
  });
  return { zuul: Object.fromEntries(entries), dropped: limit(dropped) };
}

type Drop = (path: readonly PropertyKey[], reason: string) => void;

const NOT_A_LINK = 'is no absolute http or https URL';

function isLink(value: Json): boolean {
  return typeof value === 'string' && isWebUrl(value);
}

function keepIf(value: Json, isKept: boolean, otherwise: () => void): Json | null {
  if (isKept) return value;
  otherwise();
  return null;
}

function cleanComments(value: Json, drop: Drop): Json | null {
  if (!isJsonObject(value)) {
    drop(['file_comments'], 'is no object of paths');
    return null;
  }
  const files = Object.entries(value).flatMap(([path, list]): [string, Json][] => {
    if (!Array.isArray(list)) {
      drop(['file_comments', path], 'is no list of comments');
      return [];
    }
    const kept = list.filter((comment, index) =>
      isFit(FileComment, comment, (reason) => drop(['file_comments', path, index], reason)),
    );
    return kept.length === 0 ? [] : [[path, kept]];
  });
  return Object.fromEntries(files);
}

function cleanArtifacts(value: Json, drop: Drop): Json | null {
  if (!Array.isArray(value)) {
    drop(['artifacts'], 'is no list');
    return null;
  }
  return value.filter((artifact, index) =>
    isFit(Artifact, artifact, (reason) => drop(['artifacts', index], reason)),
  );
}

function cleanList(key: string, value: Json, drop: Drop): Json | null {
  if (!Array.isArray(value)) {
    drop([key], 'is no list');
    return null;
  }
  return value.filter((entry, index) => {
    if (typeof entry === 'string') return true;
    drop([key, index], 'is no text');
    return false;
  });
}

function isFit(schema: z.ZodType, value: Json, onUnfit: (reason: string) => void): boolean {
  const issue = schema.safeParse(value).error?.issues[0];
  if (issue === undefined) return true;
  const place = placeOf(issue.path).slice('body'.length + 1);
  onUnfit(place === '' ? issue.message : `${place}: ${issue.message}`);
  return false;
}

function limit(dropped: readonly Dropped[]): readonly Dropped[] {
  if (dropped.length <= DROPPED_MAX) return dropped;
  const rest = dropped.length - DROPPED_MAX;
  return [
    ...dropped.slice(0, DROPPED_MAX),
    { where: placeOf(['data', 'zuul']), reason: `${rest} more were left out` },
  ];
}
