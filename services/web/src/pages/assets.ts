/** The style sheet of server-rendered pages: read once, named with its content's hash. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';

/** Short hashes of the contents, for addresses that change when they do. */
export interface AssetVersions {
  readonly style: string;
}

/** How long browsers may keep what has its content's hash in its address. */
export const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Registers `/assets/style.css`. */
export async function registerAssets(scope: FastifyInstance): Promise<AssetVersions> {
  const content = await readFile(new URL('../assets/style.css', import.meta.url));
  const style = createHash('sha256').update(content).digest('hex').slice(0, 12);
  scope.get<{ Querystring: { v?: string } }>('/assets/style.css', async (request, reply) => {
    const isPinned = request.query.v === style;
    const age = isPinned ? `max-age=${YEAR_SECONDS}, immutable` : 'max-age=60';
    return reply
      .header('cache-control', `public, ${age}`)
      .type('text/css; charset=utf-8')
      .send(content);
  });
  return { style };
}
