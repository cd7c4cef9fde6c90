/**
 * Announcements over Redis channels. A connection that listens can do nothing else, so that one of
 * its own is opened with the first listener and closed with the last.
 *
 * Modes: idle (no listener, no connection) → listening → idle. While Redis is away announcements
 * are missed, as the port says; the client subscribes again when it is back.
 */
import type { Json } from '@gatehouse/model';
import type { Announcements, Log } from '@gatehouse/ports';
import type { Redis } from 'ioredis';
import { topicChannel } from './keys.ts';
import { onRedis } from './redis-errors.ts';
import { parseStoredJson } from './stored.ts';

type Listener = (message: Json) => void;

/** Tells every process at once. */
export function createAnnouncements(redis: Redis, log: Log): Announcements {
  const listeners = new Map<string, Set<Listener>>();
  let subscriber: Redis | null = null;

  const deliver = (channel: string, text: string): void => {
    try {
      const message = parseStoredJson(text, 'an announcement');
      for (const listener of listeners.get(channel) ?? []) listener(message);
    } catch (error) {
      // Nobody above could catch it, and the others' announcements must go on.
      log.error({ channel, error: String(error) }, 'an announcement could not be delivered');
    }
  };

  const connection = (): Redis => {
    subscriber ??= redis
      .duplicate({ maxRetriesPerRequest: null })
      .on('message', deliver)
      // The shared connection reports that Redis is away; this one only comes back with it.
      .on('error', () => undefined);
    return subscriber;
  };

  const end = async (channel: string, listener: Listener): Promise<void> => {
    const group = listeners.get(channel);
    if (group === undefined || !group.delete(listener) || group.size > 0) return;
    listeners.delete(channel);
    if (listeners.size === 0) {
      subscriber?.disconnect();
      subscriber = null;
    } else {
      await onRedis('unsubscribe', () => connection().unsubscribe(channel));
    }
  };

  return {
    announce: async (topic, message) => {
      const text = JSON.stringify(message);
      await onRedis('announce', () => redis.publish(topicChannel(topic), text));
    },
    listen: async (topic, onMessage) => {
      const channel = topicChannel(topic);
      const listener: Listener = (message) => onMessage(message);
      const group = listeners.get(channel) ?? new Set();
      listeners.set(channel, group.add(listener));
      try {
        await onRedis('subscribe', () => connection().subscribe(channel));
      } catch (error) {
        await end(channel, listener);
        throw error;
      }
      return () => end(channel, listener);
    },
  };
}
