/**
 * Text → values with places. The YAML library is asked for structure only: what a scalar means,
 * which keys clash, what an alias stands for and how much it may grow is decided here, because
 * Zuul's answers (YAML 1.1, duplicate keys are errors) differ from the library's, and because a
 * fault inside one item must not take the items beside it down.
 */

import type { Json } from '@gatehouse/model';
import { isAlias, isMap, isScalar, isSeq, type Pair } from 'yaml';
import {
  depthMax,
  elaborateCharactersMax,
  fileCharactersMax,
  fileItemsMax,
  fileValuesMax,
} from '../limits.ts';
import { type LocalProblem, locate } from '../problems.ts';
import { wording } from '../wording/wording.ts';
import type { Located, LocatedEntry, Span } from './located.ts';
import { cutQuote, parseRepaired } from './parse.ts';
import { readQuickly } from './quick/read.ts';
import { foldMarks } from './repair.ts';
import { plainScalar } from './scalars.ts';
import { isKnownTag } from './tags.ts';

/** One element of the top-level list; `node` is what could be read of it, null: nothing. */
export interface DocumentItem {
  readonly span: Span;
  readonly node: Located | null;
  readonly problems: readonly LocalProblem[];
}

/** A file as a list of values, or the problems that concern the file as a whole. */
export interface DocumentReading extends Items {
  /** Characters that the library had to read, some several times; 0 when the text is plain enough to do without. */
  readonly elaborateCharacters: number;
}

interface Items {
  readonly items: readonly DocumentItem[];
  readonly problems: readonly LocalProblem[];
}

// A file's text as the library hands it back: nodes of classes that we only look into.
type YamlNode = unknown;

interface Anchor {
  readonly node: Located | null;
  readonly values: number;
}

interface Reading {
  readonly text: string;
  readonly anchors: Map<string, Anchor>;
  values: number;
  problems: LocalProblem[];
  /** True: what stands there is not repeated. */
  isSecret: boolean;
}

/**
 * Reads a whole file. Never throws: whatever the text is, the answer says what is wrong.
 * @param elaborateLeft characters that may still be read with the library
 */
export function readDocument(
  text: string,
  elaborateLeft: number = elaborateCharactersMax,
): DocumentReading {
  const obstacle = obstacleOf(text);
  if (obstacle !== null) return { items: [], problems: [obstacle], elaborateCharacters: 0 };
  const items = readQuickly(text);
  if (items !== null) {
    const read = items.map((node) => ({ span: node.span, node, problems: [] }));
    return { items: read, problems: [], elaborateCharacters: 0 };
  }
  if (text.length <= elaborateLeft) return readWithLibrary(text);
  const problem = locate(wording.tooElaborate(elaborateCharactersMax), null);
  return { items: [], problems: [problem], elaborateCharacters: 0 };
}

/** Reads a whole file that has no obstacle, whatever forms of YAML it uses. */
export function readWithLibrary(text: string): DocumentReading {
  const { document, characters: elaborateCharacters } = parseRepaired(text);
  const [error] = document.errors;
  if (error !== undefined) {
    // Of a quote that is never closed, the place to look at is where it opens.
    const opened = cutQuote(document);
    const [start, end] = opened === null ? error.pos : [opened, opened + 1];
    const span = { start, end };
    const problem = locate(wording.brokenYaml(error.code, error.message), span);
    return { items: [], problems: [problem], elaborateCharacters };
  }
  return { ...readItems(document.contents, text), elaborateCharacters };
}

function readItems(contents: YamlNode, text: string): Items {
  if (contents === null || (isScalar(contents) && isEmptyScalar(contents))) {
    return { items: [], problems: [] };
  }
  if (!isSeq(contents)) {
    const span = { start: spanOf(contents, 0).start, end: spanOf(contents, 0).start + 1 };
    return { items: [], problems: [locate(wording.notAList(shapeOf(contents)), span)] };
  }
  if (contents.items.length > fileItemsMax) {
    const span = spanOf(contents.items[fileItemsMax], 0);
    return { items: [], problems: [locate(wording.tooManyItems(contents.items.length), span)] };
  }
  const reading: Reading = { text, anchors: new Map(), values: 0, problems: [], isSecret: false };
  const items: DocumentItem[] = [];
  for (const item of contents.items) {
    reading.problems = [];
    reading.isSecret = isSecret(item);
    const span = spanOf(item, text.length);
    const node = convert(reading, item, { depth: 1, near: span });
    items.push({ span, node, problems: reading.problems });
    if (reading.values > fileValuesMax) break;
  }
  return { items, problems: [] };
}

/** True for an item with a type like `secret`, misspelt or not. */
function isSecret(item: YamlNode): boolean {
  if (!isMap(item)) return false;
  return item.items.some(({ key }) => isScalar(key) && /secret/i.test(String(key.value)));
}

/** What makes a text unfit to be parsed at all. */
function obstacleOf(text: string): LocalProblem | null {
  if (text.length > fileCharactersMax) return locate(wording.fileTooLarge(text.length), null);
  const at = text.search(NOT_TEXT);
  if (at < 0) return null;
  return locate(wording.notText(text.charCodeAt(at)), { start: at, end: at + 1 });
}

// The characters that YAML allows nowhere in a stream.
// Source: https://yaml.org/spec/1.1/#c-printable
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const NOT_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/;

interface Place {
  readonly depth: number;
  /** Where to point for what has no text of its own, such as a key without a value. */
  readonly near: Span;
}

function convert(reading: Reading, node: YamlNode, place: Place): Located | null {
  reading.values += 1;
  if (reading.values > fileValuesMax) {
    reading.problems.push(locate(wording.tooManyValues(), place.near));
    return null;
  }
  if (place.depth > depthMax) {
    reading.problems.push(locate(wording.tooDeep(), spanOf(node, place.near.start)));
    return null;
  }
  if (isAlias(node)) return followAlias(reading, node.source, spanOf(node, place.near.start));
  const anchor = anchorOf(node);
  const before = reading.values;
  if (anchor !== null) reading.anchors.set(anchor, { node: null, values: 0 });
  const located = convertOwn(reading, node, place);
  if (anchor !== null) {
    reading.anchors.set(anchor, { node: located, values: reading.values - before + 1 });
  }
  return located;
}

function convertOwn(reading: Reading, node: YamlNode, place: Place): Located | null {
  if (node === null || node === undefined) {
    return { kind: 'scalar', span: place.near, tag: null, value: null };
  }
  if (isMap(node)) return convertMap(reading, node.items, { node, place });
  if (isSeq(node)) return convertList(reading, node.items, { node, place });
  if (!isScalar(node)) return null;
  const text = typeof node.value === 'string' ? foldMarks(node.value) : '';
  const span = isEmptyScalar(node) ? place.near : spanOf(node, place.near.start);
  const tag = tagOf(reading, node, span);
  const isPlain = node.type === 'PLAIN' && tag.forced === null;
  const value = isPlain ? plainScalar(text) : forcedScalar(text, tag.forced);
  return { kind: 'scalar', span, tag: tag.known, value };
}

interface Whole {
  readonly node: YamlNode;
  readonly place: Place;
}

function convertList(reading: Reading, children: readonly YamlNode[], whole: Whole): Located {
  const span = spanOf(whole.node, whole.place.near.start);
  const items: Located[] = [];
  for (const child of children) {
    const near = spanOf(child, span.start);
    const item = convert(reading, child, { depth: whole.place.depth + 1, near });
    if (item !== null) items.push(item);
  }
  const tag = tagOf(reading, whole.node, span).known;
  return { kind: 'list', span, tag, items, value: items.map((item) => item.value) };
}

function convertMap(reading: Reading, pairs: readonly Pair[], whole: Whole): Located {
  const span = spanOf(whole.node, whole.place.near.start);
  const own = new Map<string, LocatedEntry>();
  const merged: Located[] = [];
  for (const pair of pairs) {
    const key = keyOf(reading, pair, span);
    if (key === null) continue;
    const near = key.span;
    const node = convert(reading, pair.value, { depth: whole.place.depth + 1, near });
    if (node === null) continue;
    if (key.isMerge) merged.push(...mergeSources(reading, node));
    else if (key.text === '__proto__')
      reading.problems.push(locate(wording.badKey(key.text), near));
    else if (own.has(key.text)) reading.problems.push(locate(wording.duplicateKey(key.text), near));
    else own.set(key.text, { key: near, node });
  }
  const entries = merged.length === 0 ? own : withMerged(own, merged);
  const tag = tagOf(reading, whole.node, span).known;
  return { kind: 'map', span, tag, entries, value: objectOf(entries) };
}

/** What `<<` brings in comes before the map's own keys; of several sources the first one wins. */
function withMerged(own: ReadonlyMap<string, LocatedEntry>, sources: readonly Located[]) {
  const entries = new Map<string, LocatedEntry>();
  for (const source of sources) {
    if (source.kind !== 'map') continue;
    for (const [key, entry] of source.entries) if (!entries.has(key)) entries.set(key, entry);
  }
  for (const [key, entry] of own) entries.set(key, entry);
  return entries;
}

function mergeSources(reading: Reading, node: Located): readonly Located[] {
  const sources = node.kind === 'list' ? node.items : [node];
  for (const source of sources) {
    if (source.kind === 'map') continue;
    reading.problems.push(locate(wording.mergeNeedsMap(), source.span));
  }
  return sources;
}

/** `Object.fromEntries` defines properties instead of assigning them, so no key is special. */
function objectOf(entries: ReadonlyMap<string, LocatedEntry>): { [key: string]: Json } {
  return Object.fromEntries(Array.from(entries, ([key, entry]) => [key, entry.node.value]));
}

interface Key {
  readonly text: string;
  readonly span: Span;
  readonly isMerge: boolean;
}

function keyOf(reading: Reading, pair: Pair, map: Span): Key | null {
  const span = spanOf(pair.key, map.start);
  let key: unknown = pair.key;
  if (isAlias(key)) {
    const target = followAlias(reading, key.source, span);
    if (target?.kind === 'scalar') return { text: String(target.value), span, isMerge: false };
    key = null;
  }
  if (!isScalar(key) || typeof key.value !== 'string') {
    reading.problems.push(locate(wording.keyNotText(), span));
    return null;
  }
  const anchor = anchorOf(key);
  if (anchor !== null) {
    const node: Located = { kind: 'scalar', span, tag: null, value: key.value };
    reading.anchors.set(anchor, { node, values: 1 });
  }
  return { text: key.value, span, isMerge: key.value === '<<' && key.type === 'PLAIN' };
}

function followAlias(reading: Reading, name: string, span: Span): Located | null {
  const anchor = reading.anchors.get(name);
  if (anchor === undefined) {
    const text = reading.isSecret
      ? wording.aliasInSecret()
      : wording.unknownAlias(name, reading.anchors.keys());
    reading.problems.push(locate(text, span));
    return null;
  }
  if (anchor.node === null) {
    reading.problems.push(locate(wording.brokenAlias(name), span));
    return null;
  }
  reading.values += anchor.values;
  if (reading.values > fileValuesMax) {
    reading.problems.push(locate(wording.tooManyValues(), span));
    return null;
  }
  return anchor.node;
}

function tagOf(reading: Reading, node: YamlNode, span: Span) {
  const none = { known: null, forced: null };
  const tag = stringProperty(node, 'tag');
  if (tag === null || tag === '!') return tag === '!' ? { known: null, forced: 'str' } : none;
  if (isKnownTag(tag)) return { known: tag, forced: tag === '!unsafe' ? 'str' : null };
  if (tag.startsWith(STANDARD_TAG)) {
    const forced = tag.slice(STANDARD_TAG.length);
    if (STANDARD.includes(forced)) return { known: null, forced };
  }
  const written = WRITTEN_TAG.exec(reading.text.slice(0, span.start));
  const at = written === null ? span : { start: written.index, end: span.start };
  const text = reading.isSecret ? wording.tagInSecret() : wording.unknownTag(written?.[1] ?? tag);
  reading.problems.push(locate(text, at));
  return none;
}

/** A tag, and perhaps an anchor, right before the value that it is for. */
const WRITTEN_TAG = /(![^\s]*)\s+(?:&\S+\s+)?$/;
const STANDARD_TAG = 'tag:yaml.org,2002:';
const STANDARD = ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'];

/** A quoted scalar is text; one with an explicit `!!int` and the like is read as if it were bare. */
function forcedScalar(text: string, forced: string | null): string | number | boolean | null {
  return forced === null || forced === 'str' ? text : plainScalar(text);
}

function isEmptyScalar(node: { readonly value: unknown; readonly range?: unknown }): boolean {
  const range = node.range;
  return node.value === '' && Array.isArray(range) && range[0] === range[1];
}

function shapeOf(node: YamlNode): 'map' | 'scalar' {
  return isMap(node) ? 'map' : 'scalar';
}

function anchorOf(node: YamlNode): string | null {
  return stringProperty(node, 'anchor');
}

function stringProperty(node: YamlNode, name: 'tag' | 'anchor'): string | null {
  if (typeof node !== 'object' || node === null || !(name in node)) return null;
  const value: unknown = Reflect.get(node, name);
  return typeof value === 'string' ? value : null;
}

function spanOf(node: YamlNode, fallback: number): Span {
  const [start, end] = rangeIn(node) ?? [fallback, fallback];
  return {
    start,
    end: (isMap(node) || isSeq(node)) && node.flow !== true ? endOf(node, end) : end,
  };
}

/**
 * What stands by indentation ends with its last value; the library adds comments behind it. A loop,
 * because a text may be nested deeper than the stack is.
 */
function endOf(collection: YamlNode, fallback: number): number {
  let node: YamlNode = collection;
  let [, end] = rangeIn(node) ?? [0, fallback];
  while ((isSeq(node) || isMap(node)) && node.flow !== true && node.items.length > 0) {
    node = isSeq(node) ? node.items.at(-1) : lastOf(node.items);
    [, end] = rangeIn(node) ?? [0, end];
  }
  return end;
}

function lastOf(pairs: readonly Pair[]): YamlNode {
  const last = pairs.at(-1);
  const isEmpty = last?.value === null || (isScalar(last?.value) && isEmptyScalar(last.value));
  return isEmpty ? last?.key : last?.value;
}

function rangeIn(node: YamlNode): readonly [start: number, end: number] | null {
  if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
    const [start, end] = node.range;
    if (typeof start === 'number' && typeof end === 'number') return [start, end];
  }
  return null;
}
