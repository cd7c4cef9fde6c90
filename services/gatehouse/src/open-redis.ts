/** A connection to the configured Redis, or to an embedded server that this process starts. */
import type { Log } from '@gatehouse/ports';
import { connectRedis, startEmbeddedRedis } from '@gatehouse/store';

/** An open connection and how to give it up again. */
export interface OpenRedis extends AsyncDisposable {
  readonly redis: Awaited<ReturnType<typeof connectRedis>>;
  /** What answers, for people. */
  readonly title: string;
}

/** Where Redis is to be found, and whom to tell. */
export interface RedisChoice {
  /** Null: an embedded server. */
  readonly url: string | null;
  readonly dataDir: string;
  readonly onStep: (text: string) => void;
}

/**
 * @throws GatehouseError `GATE_REDIS_NOT_FOUND` (operator) when no server can be had, or
 * `GATE_REDIS_UNAVAILABLE` when the configured one does not answer.
 */
export async function openRedis(choice: RedisChoice, log: Log): Promise<OpenRedis> {
  if (choice.url !== null) {
    const redis = await connectRedis({ url: choice.url }, log);
    return { redis, title: 'Redis as configured', [Symbol.asyncDispose]: () => quit(redis) };
  }
  const server = await startEmbeddedRedis({ dataDir: choice.dataDir, onStep: choice.onStep, log });
  try {
    const redis = await connectRedis(server.address, log);
    return {
      redis,
      title: server.title,
      [Symbol.asyncDispose]: async () => {
        await quit(redis);
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function quit(redis: OpenRedis['redis']): Promise<void> {
  // A server that is gone already cannot say goodbye; the connection is closed either way.
  await redis.quit().catch(() => redis.disconnect());
}
