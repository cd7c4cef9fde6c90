/** The style sheet and the script: one file each, read once, named with their content's hash. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';

/** Short hashes of the contents, for addresses that change when they do. */
export interface AssetVersions {
  readonly style: string;
  readonly live: string;
}

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Registers `/assets/style.css` and `/assets/live.js`. */
export async function registerAssets(scope: FastifyInstance): Promise<AssetVersions> {
  const style = await readAsset('style.css');
  const live = await readAsset('live.mjs');
  const files = [
    { path: '/assets/style.css', type: 'text/css; charset=utf-8', file: style },
    { path: '/assets/live.js', type: 'text/javascript; charset=utf-8', file: live },
  ];
  for (const { path, type, file } of files) {
    scope.get<{ Querystring: { v?: string } }>(path, async (request, reply) => {
      const isPinned = request.query.v === file.version;
      const age = isPinned ? `max-age=${YEAR_SECONDS}, immutable` : 'max-age=60';
      return reply.header('cache-control', `public, ${age}`).type(type).send(file.content);
    });
  }
  return { style: style.version, live: live.version };
}

async function readAsset(name: string): Promise<{ content: Buffer; version: string }> {
  const content = await readFile(new URL(`../assets/${name}`, import.meta.url));
  return { content, version: createHash('sha256').update(content).digest('hex').slice(0, 12) };
}
