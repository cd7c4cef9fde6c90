import { type KnownTag, knownTags } from './located.ts';

/** True when the language knows the tag. */
export function isKnownTag(tag: string): tag is KnownTag {
  return knownTags.some((known) => known === tag);
}
